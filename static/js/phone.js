/* What a phone can do with a page: send it on, read it aloud. Loaded by the pages that offer it; they work without. */
(function () {
"use strict";
function share(link, words) {
  if (!navigator.share) return;
  link.textContent = words;
  link.onclick = function () {
    navigator.share({text: decodeURIComponent(link.href.split("text=")[1])}).catch(function (error) {
      if (error.name !== "AbortError") location = link.href;
    });
    return false;
  };
}

// Dates and money in words; numbers of several groups, long ones and 1912 digit by digit.
function spoken(text, language, money) {
  var parts = /(\d\d)-(\d\d)-(\d{4})|(\u2212?)\u20b9\s?([\d,]+)(?:\.(\d\d))?|\b(?:1912|\d{3,4}(?:\s\d{3,4})+|\d{6,})\b/g;
  return text.replace(/\u2022/g, "").replace(parts, function (all, day, month, year, minus, whole, hundredths) {
    if (day) return new Date(year, month - 1, day).toLocaleDateString(language + "-IN", {day: "numeric", month: "long", year: "numeric"});
    if (!whole) return all.replace(/\s/g, "").split("").join(" ");
    return (minus ? money[2] + " " : "") + whole.replace(/,/g, "") + " " + money[0] + (+hundredths ? " " + +hundredths + " " + money[1] : "");
  });
}
// Reads aloud by a voice that the phone itself has: voices of the network would send the text to others.
function readAloud(button, stop) {
  var speech = window.speechSynthesis, words = button.textContent, language = document.documentElement.lang, last;
  if (!speech) return;
  function voice() {
    var own = speech.getVoices().filter(function (one) { return one.localService && one.lang.slice(0, 2) === language; });
    return own.find(function (one) { return /IN$/.test(one.lang); }) || own[0];
  }
  function end() {
    last = null;
    speech.cancel();
    button.textContent = words;
  }
  function offer() { button.parentNode.hidden = !voice(); }
  offer();
  speech.onvoiceschanged = function () { document.querySelectorAll("[data-listening]").forEach(function (one) { one.offer(); }); };
  button.offer = offer;
  button.onclick = function () {
    var isOn = button.textContent === stop;
    end();
    if (isOn) return;
    button.textContent = stop;
    document.querySelectorAll("[data-speech]").forEach(function (part) {
      last = new SpeechSynthesisUtterance(spoken(part.innerText, language, button.dataset.money.split(",")).replace(/\s*\n+\s*/g, ". "));
      last.voice = voice();
      last.lang = last.voice.lang;
      speech.speak(last);
    });
    if (last) last.onend = last.onerror = function (event) { if (event.utterance === last) end(); };
  };
  addEventListener("pagehide", end);
}

var parts = {share: share, listening: readAloud};
function prepare() {
  Object.keys(parts).forEach(function (name) {
    document.querySelectorAll("[data-" + name + "]").forEach(function (part) {
      if (part.ready) return;
      part.ready = true;
      parts[name](part, part.dataset[name]);
    });
  });
}
prepare();
document.addEventListener("htmx:load", prepare);
})();
