// The element: one surface, modal or inline, that shows the step or why there is none.
const sheet = new CSSStyleSheet();
sheet.replaceSync(styleText);

const nothingEntered = () => ({
  consent: false,
  firstName: "",
  lastName: "",
  country: "PL",
  document: "identity-card",
});

class TransactionLinkWidget extends HTMLElement {
  #options = {};
  #emit = () => {};
  #surface = null;
  #run = null;

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
  }

  /** Shows the widget. The token is exchanged once, however often it is opened and closed. */
  open(options, emit) {
    this.#options = options;
    this.#emit = emit;
    if (this.#surface?.dataset.mode !== this.#mode) this.#show();
    const { token, link } = options;
    if (this.#run && this.#run.token === token && this.#run.link === link) {
      this.#render();
    } else {
      this.#run = { token, link, step: 0, entered: nothingEntered() };
      this.#begin();
    }
  }

  /** Puts it away; a run under way goes on when it is opened again. */
  close() {
    if (!this.#surface) return;
    this.#takeAway();
    this.#emit("widget-closed");
  }

  disconnectedCallback() {
    if (!this.isConnected) this.close();
  }

  get #mode() {
    return this.#options.inline ? "inline" : "modal";
  }

  get #closable() {
    return this.#options.showCloseButton ?? !this.#options.inline;
  }

  get #language() {
    return chooseLanguage(this.#options.lang, this.#run?.lang, document.documentElement.lang);
  }

  #show() {
    const shown = this.#surface !== null;
    this.#takeAway();
    const modal = this.#mode === "modal";
    this.#surface = build(modal ? "dialog" : "section", {
      "aria-labelledby": "title",
      "data-mode": this.#mode,
    });
    this.#surface.dataset.testid = "widget";
    this.shadowRoot.append(this.#surface);
    if (modal) {
      this.#surface.addEventListener("cancel", (event) => {
        event.preventDefault();
        if (this.#closable) this.close();
      });
      this.#surface.showModal();
      document.documentElement.style.overflow = "hidden";
    }
    if (!shown) this.#emit("widget-opened");
  }

  #takeAway() {
    if (this.#surface?.dataset.mode === "modal") {
      this.#surface.close();
      document.documentElement.style.overflow = "";
    }
    this.#surface?.remove();
    this.#surface = null;
  }

  async #begin() {
    const run = this.#run;
    run.refused = null;
    this.#render();
    try {
      Object.assign(run, await exchange(run));
    } catch (error) {
      this.#refuse(run, error);
    }
    if (run === this.#run) this.#render();
  }

  #refuse(run, error) {
    run.refused = error.kind ?? "unknown";
    if (run === this.#run) this.#emit("error", { code: run.refused, message: error.message });
  }

  #render() {
    if (!this.#surface) return;
    const words = texts[this.#language];
    this.#surface.lang = this.#language;
    this.#surface.classList.toggle("fits", Boolean(this.#options.autoHeight));
    const { refused, session } = this.#run;
    if (refused) this.#renderRefusal(words, refused);
    else if (session) this.#renderStep(words);
    else this.#renderLoading(words);
    this.#surface.querySelector("#title")?.focus({ preventScroll: true });
  }

  #renderLoading(words) {
    const bar = (name) => build("div", { class: `bone ${name}` });
    this.#fill(
      words,
      null,
      [
        build(
          "p",
          { id: "title", class: "unseen", role: "status", "data-testid": "widget-loading" },
          words.loading,
        ),
        ...["title", "lead", "block", "block", "block"].map(bar),
      ],
      null,
    );
  }

  #renderRefusal(words, kind) {
    const [title, lead] = words.refusals[kind];
    const retry = () => this.#begin();
    this.#fill(
      words,
      null,
      [
        build(
          "div",
          { class: "outcome", role: "alert", "data-testid": "widget-refused", "data-reason": kind },
          build("div", { class: "badge bad" }, icon(kind.endsWith("expired") ? "expired" : "refused")),
          ...heading(title, lead),
        ),
      ],
      kind === "network"
        ? build(
            "button",
            { type: "button", class: "main", "data-testid": "widget-retry", onclick: retry },
            words.retry,
          )
        : this.#closable && this.#closeButton(words),
    );
  }

  #renderStep(words) {
    const run = this.#run;
    const step = steps[run.step](words, run.entered, this.#language, run.workflow);
    const last = run.step === steps.length - 1;
    const next = build(
      "button",
      { type: "submit", class: "main", "data-testid": "widget-continue" },
      words.next,
    );
    const problem = build("p", {
      class: "note",
      role: "alert",
      hidden: true,
      "data-testid": "widget-problem",
    });
    const form = this.#fill(
      words,
      run.step,
      step.content,
      last ? this.#closable && this.#closeButton(words) : next,
      problem,
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (last || run.finishing || !step.check()) return;
      if (run.step < steps.length - 2) {
        run.step += 1;
        this.#render();
        return;
      }
      next.setAttribute("aria-busy", "true");
      await this.#finish(run, () => {
        next.removeAttribute("aria-busy");
        problem.textContent = words.finishFailed;
        problem.hidden = false;
      });
    });
  }

  async #finish(run, failed) {
    run.finishing = true;
    try {
      await finish(run.session);
      run.step = steps.length - 1;
    } catch (error) {
      if (error.kind === "network") {
        failed();
        if (run === this.#run) this.#emit("error", { code: error.kind, message: error.message });
        return;
      }
      this.#refuse(run, error);
    } finally {
      run.finishing = false;
    }
    if (run !== this.#run) return;
    this.#render();
    if (!run.refused) this.#emit("workflow-finished");
  }

  #closeButton(words) {
    const close = () => this.close();
    return build(
      "button",
      { type: "button", class: "main", "data-testid": "widget-leave", onclick: close },
      words.close,
    );
  }

  /** Lays out head, content and foot, and gives the form they stand in. */
  #fill(words, step, content, action, problem) {
    const button = (name, action) =>
      build(
        "button",
        {
          type: "button",
          class: "plain",
          "aria-label": words[name],
          "data-testid": `widget-${name}`,
          onclick: action,
        },
        icon(name),
      );
    const back = () => {
      this.#run.step -= 1;
      this.#render();
    };
    const shown = step !== null;
    const canGoBack = shown && step > 0 && step < steps.length - 1;
    const told = shown ? words.step(step + 1, steps.length) : words.widget;
    const bars = steps.map((_, i) => build("span", { class: shown && i <= step && "full" }));
    const form = build(
      "form",
      { novalidate: true },
      build(
        "header",
        {},
        canGoBack ? button("back", back) : build("span"),
        build("p", { "data-testid": "widget-step" }, told),
        this.#closable ? button("close", () => this.close()) : build("span"),
      ),
      shown && build("div", { class: "bars", "aria-hidden": "true" }, ...bars),
      build("div", { class: "content" }, ...content),
      build(
        "footer",
        {},
        problem,
        action,
        build("p", { class: "demo" }, build("span", {}, "DEMO"), words.demo),
      ),
    );
    this.#surface.replaceChildren(form);
    return form;
  }
}
