"""Makes vectors.json: webhook signatures made by PyJWT and cryptography, not by our own libraries.

Run in this folder:

    python3 -m venv .venv && .venv/bin/pip install PyJWT cryptography
    .venv/bin/python make_vectors.py

The key pairs are new each time, and their private halves are kept nowhere.
"""

import base64
import hashlib
import hmac
import json

import jwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

KID = "070725bf-7dac-4712-b61a-420ba3701263"
FOREIGN_KID = "22222222-3333-4444-5555-666666666666"
JWS = jwt.PyJWS()


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def key_of(size: int = 2048):
    return rsa.generate_private_key(public_exponent=65537, key_size=size)


def public(key, form, encoding=serialization.Encoding.PEM) -> bytes:
    return key.public_key().public_bytes(encoding, form)


def attached(body: bytes, key, algorithm="RS256", kid=KID, **header) -> str:
    return JWS.encode(body, key, algorithm=algorithm, headers={"kid": kid, "typ": "JWT", **header})


def detached(*args, **kwargs) -> str:
    header, _, signature = attached(*args, **kwargs).split(".")
    return f"{header}..{signature}"


def by_hand(header: dict, body: bytes, sign) -> str:
    """What PyJWT refuses to make."""
    first = base64url(json.dumps(header, separators=(",", ":")).encode())
    return f"{first}..{base64url(sign(f'{first}.{base64url(body)}'.encode()))}"


def by_rule() -> bytes:
    return bytes((31 * n + (n >> 8)) & 0xFF for n in range(100 * 1024))


def main() -> None:
    key, other, short = key_of(), key_of(), key_of(1024)
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    pkcs1 = serialization.PublicFormat.PKCS1
    der = serialization.Encoding.DER
    pem = public(key, spki)

    def rs256(message: bytes) -> bytes:
        return key.sign(message, padding.PKCS1v15(), hashes.SHA256())

    body = b'{"workflowId":"1","status":"COMPLETED"}'
    bodies = {
        "empty": b"",
        "short": b"a",
        "json": body,
        "unicode": '{"name":"Zażółć 😀"}'.encode(),
        "newline at the end": body + b"\n",
        "lines of CRLF": b'{\r\n  "status": "COMPLETED"\r\n}\r\n',
        "not UTF-8": bytes(range(256)),
    }
    accepted = [
        {"name": name, "body": base64.b64encode(data).decode(), "signature": detached(data, key)}
        for name, data in bodies.items()
    ]
    header = {"alg": "RS256", "kid": KID, "typ": "JWT"}
    rejected = {
        "alg none": (detached(body, None, "none"), "Algorithm none"),
        "alg HS256 with the public key as secret": (
            by_hand(
                header | {"alg": "HS256"},
                body,
                lambda message: hmac.new(pem, message, hashlib.sha256).digest(),
            ),
            "Algorithm HS256",
        ),
        "alg RS512": (detached(body, key, "RS512"), "Algorithm RS512"),
        "alg PS256": (detached(body, key, "PS256"), "Algorithm PS256"),
        "alg rs256": (by_hand(header | {"alg": "rs256"}, body, rs256), "Algorithm rs256"),
        "alg None, signed as RS256": (
            by_hand(header | {"alg": "None"}, body, rs256),
            "Algorithm None",
        ),
        "no alg": (by_hand({"kid": KID}, body, rs256), "Malformed"),
        "alg is a list": (by_hand({"alg": ["RS256"]}, body, rs256), "Malformed"),
        "signed as PS256, said to be RS256": (
            by_hand(
                header,
                body,
                lambda message: key.sign(
                    message,
                    padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH),
                    hashes.SHA256(),
                ),
            ),
            "Mismatch",
        ),
        "signed as RS512, said to be RS256": (
            by_hand(
                header,
                body,
                lambda message: key.sign(message, padding.PKCS1v15(), hashes.SHA512()),
            ),
            "Mismatch",
        ),
        "empty signature": (by_hand(header, body, lambda _: b""), "Mismatch"),
        "another key under this kid": (detached(body, other), "Mismatch"),
        "another key under its own kid": (detached(body, other, kid=FOREIGN_KID), "Mismatch"),
        "another body": (detached(body + b" ", key), "Mismatch"),
        "attached": (attached(body, key), "Malformed"),
        "crit": (by_hand(header | {"crit": ["exp"], "exp": 1}, body, rs256), "Critical"),
        "empty crit": (by_hand(header | {"crit": []}, body, rs256), "Critical"),
        "b64 false, as PyJWT detaches": (
            JWS.encode(body, key, "RS256", headers={"kid": KID}, is_payload_detached=True),
            "Critical",
        ),
        "b64 false and critical": (
            by_hand(header | {"crit": ["b64"], "b64": False}, body, rs256),
            "Critical",
        ),
        "kid is no uuid": (by_hand(header | {"kid": "../key"}, body, rs256), "KeyId"),
        "kid is a number": (by_hand(header | {"kid": 7}, body, rs256), "KeyId"),
    }
    vectors = {
        "made_by": f"make_vectors.py, PyJWT {jwt.__version__}",
        "kid": KID,
        "foreign_kid": FOREIGN_KID,
        "key": {
            "pem": pem.decode(),
            "base64": base64.b64encode(public(key, spki, der)).decode(),
            "pkcs1_pem": public(key, pkcs1).decode(),
            "pkcs1_base64": base64.b64encode(public(key, pkcs1, der)).decode(),
            "fingerprint": hashlib.sha256(public(key, spki, der)).hexdigest(),
        },
        "other_key": public(other, spki).decode(),
        "short_key": public(short, spki).decode(),
        "accepted": accepted,
        "by_rule": detached(by_rule(), key),
        "body": base64.b64encode(body).decode(),
        "rejected": [
            {"name": name, "signature": signature, "why": why}
            for name, (signature, why) in rejected.items()
        ],
    }
    with open("vectors.json", "w", encoding="utf-8") as file:
        json.dump(vectors, file, indent=2, ensure_ascii=False)
        file.write("\n")


if __name__ == "__main__":
    main()
