// Whether the same thing was issued a moment ago: a second press, of whatever button or key, is a slip then.
import type { IssueRequest } from "../host";

/** How long after an answer a press for the same is taken for a slip. */
const MOMENT_MS = 1000;

/** Label and sending are not part of what is issued, and are changed by the form itself after an issue. */
const sameAs = (request: IssueRequest) => JSON.stringify({ ...request, label: "", send: false });

export class JustIssued {
  #what = "";
  #at = -Infinity;

  /** Takes down that an answer to a request came, or may have. */
  note(request: IssueRequest) {
    this.#what = sameAs(request);
    this.#at = performance.now();
  }

  /** Whether a press for this is a slip. Each slip keeps the moment going, as a key that is held does. */
  isSlip(request: IssueRequest): boolean {
    if (this.#what !== sameAs(request) || performance.now() - this.#at >= MOMENT_MS) return false;
    this.#at = performance.now();
    return true;
  }

  forget() {
    this.#at = -Infinity;
  }
}
