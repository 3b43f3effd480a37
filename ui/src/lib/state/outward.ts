// What goes out of the window by one press about an entry: the one place that decides whether it is asked first.
import { canPreview, mainCopy, whose } from "../entries";
import { statusOf, isLive } from "../expiry";
import { timeOrDay } from "../format";
import { host, type HistoryEntry, type IssueRequest } from "../host";
import { buttonWords, linkWords } from "../screens/issue/words";
import { copyEntry } from "./actions";
import { app } from "./app.svelte";
import { clock } from "./clock.svelte";
import { requestOf } from "./inputs.svelte";
import { issue } from "./issue.svelte";
import { questions, type Question } from "./questions.svelte";
import { toasts } from "./toasts.svelte";
import { isInView } from "./view";

type Asked = Omit<Question, "run">;

const AGAIN = {
  token: "Issue another token?",
  run: "Start another run?",
  link: "Issue another link?",
};

const inPlace = (entry: HistoryEntry) =>
  `with the inputs of ${timeOrDay(entry.requestedAt, clock.day)}, in ${entry.workspaceName}`;

/** What to ask before an entry is issued again; null where that is plain from what the person sees. */
function questionAgain(
  entry: HistoryEntry,
  request: IssueRequest,
  link: HistoryEntry | null | undefined,
  seen: boolean,
): Asked | null {
  const ends = link !== null;
  const real = entry.workspaceKind === "live" && request.kind === "run";
  if (seen && !ends && !request.send && !real) return null;
  const who = whose(entry);
  const forWhom = `${who ? `For ${who}, ` : "It is made "}${inPlace(entry)}.`;
  const text = [
    forWhom,
    linkWords(link, request.send, clock.now),
    real ? "This starts a real run, beside the one of before." : "",
  ];
  return {
    title: AGAIN[request.kind],
    text: text.filter(Boolean).join(" "),
    action: link && request.send ? "End the old one and send" : buttonWords(request).name,
    cancel: link ? "Keep the old one" : "Cancel",
  };
}

/** Issues with the inputs of an earlier attempt. */
export async function issueAgain(entry: HistoryEntry): Promise<void> {
  if (issue.busy) return;
  if (!app.knows(entry.workspaceId)) {
    issue.fillFrom(entry); // It says that there is nowhere to issue it.
    return;
  }
  const seen = isInView(entry);
  const request = requestOf(entry);
  const link = await issue.linkEndedBy(request);
  const run = () => {
    if (issue.busy || !issue.fillFrom(entry, request.send)) return;
    app.go("issue");
    void issue.submit(true);
  };
  const question = questionAgain(entry, request, link, seen);
  if (question) questions.ask({ ...question, run });
  else run();
}

/** Opens the widget in a window of its own, with a token issued for that unless this entry's is used up. */
export function openPreview(entry: HistoryEntry, useThisToken = false): void {
  const run = () => void host.openPreview(entry.id, useThisToken).catch((reason) => toasts.failed(reason));
  const another = !useThisToken && entry.workspaceKind === "live";
  if (!another || (entry.kind !== "run" && isInView(entry))) return run();
  const who = whose(entry);
  questions.ask({
    title: entry.kind === "run" ? "Start another run for the preview?" : "Issue a token for the preview?",
    text:
      `${who ? `For ${who}, ` : "It is made "}${inPlace(entry)}.` +
      (entry.kind === "run" ? " This starts a real run, beside the one of before." : ""),
    action: entry.kind === "run" ? "Start run and preview" : "Issue and preview",
    run,
  });
}

/** Previews what is shown, where that can be. */
export function previewShown(entry: HistoryEntry): void {
  if (isLive(statusOf(entry, Date.now())) && canPreview(entry)) openPreview(entry);
}

const WHY_NOT = {
  issuing: "another is being issued",
  refused: "the last attempt came to nothing",
  another: "the form names another",
};

/** Copies what is shown by a key, unless the form beside it is about somebody else. */
export function copyShown(entry: HistoryEntry): void {
  const kind = mainCopy(entry, Date.now());
  if (!kind) return;
  const doubt = app.screen === "issue" ? issue.doubt : null;
  if (!doubt) return void copyEntry(entry, kind);
  const id = toasts.show({
    tone: "note",
    title: "Nothing was copied.",
    detail: `The ${kind} shown is ${whose(entry) ? `for ${whose(entry)}` : "an earlier one"}; ${WHY_NOT[doubt]}.`,
    action: {
      label: "Copy it all the same",
      run: () => {
        toasts.dismiss(id);
        void copyEntry(entry, kind);
      },
    },
  });
}
