// The words. A language that is not here falls back to English.
const texts = {
  en: {
    widget: "Identity check",
    step: (step, of) => `Step ${step} of ${of}`,
    back: "Back",
    close: "Close",
    next: "Continue",
    retry: "Try again",
    loading: "Opening your check",
    demo: "Stand-in widget, nothing is sent",
    consentTitle: "Let’s confirm who you are",
    consentLead: "It takes about two minutes. Have these at hand:",
    consentPoints: ["Your name, as your document has it", "An identity card, passport or residence permit"],
    consentAgree: "I agree that my details are used for this check",
    consentMissing: "Tick this to go on.",
    detailsTitle: "What is your name?",
    detailsLead: "Write it as it stands in your document.",
    firstName: "First name",
    lastName: "Last name",
    firstNameMissing: "Enter your first name.",
    lastNameMissing: "Enter your last name.",
    documentTitle: "Which document will you use?",
    documentLead: "Take the original, not a copy.",
    issuedBy: "Issued by",
    documents: {
      "identity-card": ["Identity card", "Front and back"],
      passport: ["Passport", "Photo page"],
      "residence-permit": ["Residence permit", "Front and back"],
    },
    finishFailed: "This could not be finished. Check the connection and try again.",
    doneTitle: (name) => `Thank you, ${name}`,
    doneLead: "Your part is done. You can close this now.",
    summary: { name: "Name", document: "Document", country: "Issued by" },
    refusals: {
      used: ["This token was used already", "A token opens the widget once. Issue a new one to start again."],
      expired: ["This token has expired", "Issue a new one to start again."],
      unknown: [
        "This token is not valid",
        "It was not issued by this simulator, or it has been restarted since.",
      ],
      missing: ["There is no token", "The page opened the widget without one."],
      session: [
        "This check has ended",
        "It was finished already or took too long. Issue a new token to start again.",
      ],
      "link-unknown": [
        "This link is not valid",
        "It was not made by this simulator, or it has been restarted since.",
      ],
      "link-used": ["This link was used already", "A link opens your check once. Ask for a new one."],
      "link-replaced": [
        "This link was replaced",
        "You were sent a newer link. Look for it in your messages and use that one.",
      ],
      "link-expired": ["This link has expired", "Ask for a new one to start your check."],
      network: ["No connection", "The simulator did not answer."],
    },
  },
  pl: {
    widget: "Weryfikacja tożsamości",
    step: (step, of) => `Krok ${step} z ${of}`,
    back: "Wstecz",
    close: "Zamknij",
    next: "Dalej",
    retry: "Spróbuj ponownie",
    loading: "Otwieramy weryfikację",
    demo: "Widżet zastępczy, nic nie jest wysyłane",
    consentTitle: "Potwierdźmy Twoją tożsamość",
    consentLead: "To zajmie około dwóch minut. Przygotuj:",
    consentPoints: ["Imię i nazwisko, tak jak w dokumencie", "Dowód osobisty, paszport lub kartę pobytu"],
    consentAgree: "Zgadzam się na użycie moich danych do tej weryfikacji",
    consentMissing: "Zaznacz zgodę, aby przejść dalej.",
    detailsTitle: "Jak się nazywasz?",
    detailsLead: "Wpisz dane tak, jak w dokumencie.",
    firstName: "Imię",
    lastName: "Nazwisko",
    firstNameMissing: "Wpisz imię.",
    lastNameMissing: "Wpisz nazwisko.",
    documentTitle: "Którego dokumentu użyjesz?",
    documentLead: "Przygotuj oryginał, nie kopię.",
    issuedBy: "Kraj wydania",
    documents: {
      "identity-card": ["Dowód osobisty", "Przód i tył"],
      passport: ["Paszport", "Strona ze zdjęciem"],
      "residence-permit": ["Karta pobytu", "Przód i tył"],
    },
    finishFailed: "Nie udało się zakończyć. Sprawdź połączenie i spróbuj ponownie.",
    doneTitle: (name) => `Dziękujemy, ${name}`,
    doneLead: "To wszystko z Twojej strony. Możesz zamknąć to okno.",
    summary: { name: "Imię i nazwisko", document: "Dokument", country: "Kraj wydania" },
    refusals: {
      used: [
        "Ten token został już użyty",
        "Token otwiera widżet tylko raz. Wydaj nowy, aby zacząć od początku.",
      ],
      expired: ["Ten token wygasł", "Wydaj nowy, aby zacząć od początku."],
      unknown: [
        "Ten token jest nieprawidłowy",
        "Nie wydał go ten symulator albo symulator uruchomiono ponownie.",
      ],
      missing: ["Brak tokenu", "Strona otworzyła widżet bez tokenu."],
      session: [
        "Ta weryfikacja się skończyła",
        "Została zakończona lub trwała zbyt długo. Wydaj nowy token.",
      ],
      "link-unknown": [
        "Ten link jest nieprawidłowy",
        "Nie utworzył go ten symulator albo symulator uruchomiono ponownie.",
      ],
      "link-used": ["Ten link został już użyty", "Link otwiera weryfikację tylko raz. Poproś o nowy."],
      "link-replaced": [
        "Ten link został zastąpiony",
        "Wysłano Ci nowszy link. Znajdź go w wiadomościach i użyj właśnie jego.",
      ],
      "link-expired": ["Ten link wygasł", "Poproś o nowy, aby rozpocząć weryfikację."],
      network: ["Brak połączenia", "Symulator nie odpowiedział."],
    },
  },
};

/** The language to speak out of several wishes, the first known one. */
const chooseLanguage = (...wishes) => {
  for (const wish of wishes) {
    if (typeof wish !== "string") continue;
    const language = wish.toLowerCase().split("-")[0];
    if (Object.hasOwn(texts, language)) return language;
    // A language was asked for; the page's own would be no better than English.
    if (language) break;
  }
  return "en";
};
