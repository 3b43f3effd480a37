// Talking to the simulator this script came from. A token goes into a body, never into an address.
const home = new URL(document.currentScript.src).origin;
const answerWithinMs = 15000;

class Refused extends Error {
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

const refusalKinds = {
  "simulator.token_used": "used",
  "simulator.token_expired": "expired",
  "simulator.unknown_session": "session",
  "simulator.run_ended": "session",
  "simulator.link_unknown": "link-unknown",
  "simulator.link_used": "link-used",
  "simulator.link_replaced": "link-replaced",
  "simulator.link_expired": "link-expired",
};

const post = async (path, body) => {
  let response;
  let answer;
  try {
    response = await fetch(home + path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(answerWithinMs),
    });
    answer = await response.json();
  } catch {
    throw new Refused("network", "The simulator did not answer.");
  }
  if (response.ok) return answer;
  const problem = answer.errors?.[0];
  throw new Refused(refusalKinds[problem?.code] ?? "unknown", problem?.message ?? `HTTP ${response.status}`);
};

/** Uses the token, or the hosted page's link, up. Gives `{session, workflow, lang}`. */
const exchange = async ({ token, link }) => {
  if (link) return post("/simulator/widget/open", { link });
  if (!token) throw new Refused("missing", "The widget was opened without a token.");
  return post("/simulator/widget/exchange", { token });
};

/** Says that the person is done; nothing of what was typed is sent. */
const finish = (session) => post("/simulator/widget/finish", { session });
