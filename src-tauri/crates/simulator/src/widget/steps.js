// The four steps. Each gives what stands between the progress bars and the button, and `check`,
// which takes over what was entered or says by `false` that something is missing.
const countryCodes = [
  "AT",
  "BE",
  "CZ",
  "DE",
  "ES",
  "FR",
  "GB",
  "IT",
  "LT",
  "NL",
  "PL",
  "PT",
  "RO",
  "SE",
  "SK",
  "UA",
];

const countries = (language) => {
  const names = new Intl.DisplayNames([language], { type: "region" });
  const named = countryCodes.map((code) => ({ code, name: names.of(code) }));
  return named.sort((a, b) => a.name.localeCompare(b.name, language));
};

const heading = (title, lead) => [
  build("h2", { id: "title", tabindex: "-1", "data-testid": "widget-title" }, title),
  build("p", { class: "lead" }, lead),
];

/** Shows what is wrong at a control, or that nothing is any more. */
const mark = (control, note, problem) => {
  note.textContent = problem ?? "";
  note.hidden = !problem;
  if (problem) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
};

const consentStep = (words, entered, language, workflow) => {
  const box = build("input", {
    type: "checkbox",
    "data-testid": "widget-consent",
    "aria-describedby": "consent-note",
  });
  box.checked = entered.consent;
  const note = build("p", { id: "consent-note", class: "note", role: "alert", hidden: true });
  box.addEventListener("change", () => {
    entered.consent = box.checked;
    mark(box, note);
  });
  const icons = ["person", "identity-card"];
  const points = words.consentPoints.map((point, i) =>
    build("li", {}, icon(icons[i]), build("span", {}, point)),
  );
  return {
    content: [
      build("p", { class: "workflow" }, workflow),
      ...heading(words.consentTitle, words.consentLead),
      build("ul", { class: "points" }, ...points),
      build("label", { class: "card consent" }, build("span", { class: "name" }, words.consentAgree), box),
      note,
    ],
    check() {
      if (box.checked) return true;
      mark(box, note, words.consentMissing);
      box.focus();
      return false;
    },
  };
};

const detailsStep = (words, entered) => {
  const field = (name, id, autocomplete, missing) => {
    const input = build("input", {
      id,
      type: "text",
      autocomplete,
      maxlength: "80",
      required: true,
      "aria-describedby": `${id}-note`,
      "data-testid": `widget-${id}`,
    });
    input.value = entered[name];
    const note = build("p", { id: `${id}-note`, class: "note", role: "alert", hidden: true });
    input.addEventListener("input", () => {
      entered[name] = input.value;
      mark(input, note);
    });
    const check = () => {
      const filled = input.value.trim() !== "";
      if (!filled) mark(input, note, missing);
      return filled;
    };
    return {
      input,
      check,
      part: build("div", { class: "field" }, build("label", { for: id }, words[name]), input, note),
    };
  };
  const fields = [
    field("firstName", "first-name", "given-name", words.firstNameMissing),
    field("lastName", "last-name", "family-name", words.lastNameMissing),
  ];
  return {
    content: [...heading(words.detailsTitle, words.detailsLead), ...fields.map((entry) => entry.part)],
    check() {
      const faulty = fields.filter((entry) => !entry.check());
      faulty[0]?.input.focus();
      return faulty.length === 0;
    },
  };
};

const documentStep = (words, entered, language) => {
  const select = build("select", { id: "country", "data-testid": "widget-country" });
  for (const { code, name } of countries(language)) select.append(build("option", { value: code }, name));
  select.value = entered.country;
  select.addEventListener("change", () => {
    entered.country = select.value;
  });
  const cards = Object.entries(words.documents).map(([id, [name, sides]]) => {
    const radio = build("input", {
      type: "radio",
      name: "document",
      value: id,
      "data-testid": `widget-document-${id}`,
    });
    radio.checked = entered.document === id;
    radio.addEventListener("change", () => {
      entered.document = id;
    });
    const label = build(
      "span",
      { class: "text" },
      build("span", { class: "name" }, name),
      build("span", { class: "sides" }, sides),
    );
    return build("label", { class: "card" }, icon(id), label, radio);
  });
  return {
    content: [
      ...heading(words.documentTitle, words.documentLead),
      build(
        "div",
        { class: "field" },
        build("label", { for: "country" }, words.issuedBy),
        build("div", { class: "select" }, select, icon("chevron")),
      ),
      build("div", { class: "cards", role: "radiogroup", "aria-labelledby": "title" }, ...cards),
    ],
    check: () => true,
  };
};

const doneStep = (words, entered, language) => {
  const country = countries(language).find(({ code }) => code === entered.country);
  const firstName = entered.firstName.trim();
  const facts = {
    name: `${firstName} ${entered.lastName.trim()}`,
    document: words.documents[entered.document][0],
    country: country.name,
  };
  const rows = Object.entries(facts).map(([id, value]) =>
    build("div", {}, build("dt", {}, words.summary[id]), build("dd", {}, value)),
  );
  return {
    content: [
      build(
        "div",
        { class: "outcome", "data-testid": "widget-done" },
        build("div", { class: "badge good" }, icon("tick")),
        ...heading(words.doneTitle(firstName), words.doneLead),
        build("dl", {}, ...rows),
      ),
    ],
    check: () => true,
  };
};

const steps = [consentStep, detailsStep, documentStep, doneStep];
