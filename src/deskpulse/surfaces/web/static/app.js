// Filters act at once where JavaScript runs; everything works by links and forms where it does not.
for (const form of document.querySelectorAll("form.filters")) {
  form.addEventListener("change", () => form.requestSubmit());
}
