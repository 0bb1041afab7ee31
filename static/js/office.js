/* Keyboard shortcuts of officers' lists and of the work page, canned texts, and focus on the last opened row; every
   page works without them. */
(function () {
"use strict";
var OFF = "wss-keys-off", LINE = "a[id^=r-]", APPROVE = "[data-open=ready] [data-approve]";
function isOff() { try { return localStorage.getItem(OFF) === "1"; } catch (error) { return false; } }

// The hash of the opened row is put into the address, so that going back returns to it.
function remember(link) { history.replaceState(history.state, "", "#" + link.id); }
function comeBack() {
  var link = /^#r-\d{11}$/.test(location.hash) && document.getElementById(location.hash.slice(1));
  if (!link) return;
  link.focus({preventScroll: true});
  link.scrollIntoView({block: "center"});
}
function move(by) {
  var all = Array.from(document.querySelectorAll(LINE)), at = all.indexOf(document.activeElement);
  var next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
  if (!next) return;
  next.focus();
  next.scrollIntoView({block: "nearest"});
}
function isTyping(place) { return place.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(place.tagName); }

// The work page names a key at each step. Enter presses one only where no link or button has the focus.
function stepOf(event) {
  if (event.key === "?") return document.getElementById("keys");
  if (event.key === "Enter") return event.target.closest("a,button,summary") ? null : document.querySelector("[data-key=Enter]");
  return /^[a-z]$/i.test(event.key) ? document.querySelector("[data-key=" + event.key.toLowerCase() + "]") : null;
}
function take(step) {
  var field = step.tagName === "DETAILS" && step.querySelector("select,textarea");
  if (field) step.open = true;
  if (field || step.id === "keys") (field || step).focus();
  else step.click();
}
function look(button) {
  var photo = document.getElementById("photo");
  if (button.dataset.look === "big") {
    photo.classList.toggle("large");
    photo.scrollTo((photo.scrollWidth - photo.clientWidth) / 2, (photo.scrollHeight - photo.clientHeight) / 3);
  } else photo.dataset.turn = ((photo.dataset.turn || 0) * 1 + 1) % 4;
}

document.addEventListener("click", function (event) {
  var link = event.target.closest(LINE), button = event.target.closest("[data-look]");
  if (link) remember(link);
  if (button) look(button);
});
document.addEventListener("change", function (event) {
  var list = event.target, text = list.dataset.fills && list.selectedOptions[0].dataset.text;
  if (text) document.getElementById(list.dataset.fills).value = text;
});
document.addEventListener("keydown", function (event) {
  var list = event.target.closest("[data-key] select[data-fills]");
  if (list && event.key === "Enter") {
    event.preventDefault();
    list.form.requestSubmit();
  }
  if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target) || isOff() || !document.querySelector("[data-keys]")) return;
  var here = document.activeElement, step = event.repeat ? null : stepOf(event), account = document.querySelector("main [name=account_no]");
  if (step) take(step);
  else if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "a" && document.querySelector(APPROVE)) document.querySelector(APPROVE).click();
  else if (event.key === "o" && here.matches(LINE)) here.click();
  else if (event.key === "/" && account) account.focus();
  else return;
  event.preventDefault();
});

function prepare() {
  document.querySelectorAll("[data-keys]").forEach(function (words) {
    var button = words.querySelector("button");
    function tell() { button.textContent = isOff() ? button.dataset.on : button.dataset.off; }
    words.hidden = false;
    button.onclick = function () {
      try { localStorage.setItem(OFF, isOff() ? "0" : "1"); } catch (error) {}
      prepare();
    };
    tell();
  });
  document.querySelectorAll("[data-cap]").forEach(function (cap) { cap.hidden = isOff(); });
  document.querySelectorAll("[data-photo]").forEach(function (buttons) { buttons.hidden = false; });
  // A chosen text is filled in at once; the first button of a form is the one that Enter presses.
  document.querySelectorAll("[data-canned] button").forEach(function (button) { button.remove(); });
}
prepare();
addEventListener("load", comeBack);
addEventListener("pageshow", function (event) { if (event.persisted) comeBack(); });
document.addEventListener("htmx:load", function (event) {
  // In the approval queue one proposal is open at a time; after a decision the next row has the focus.
  var place = event.target.closest(".detail"), field = place && place.querySelector("[autofocus],[aria-invalid]");
  prepare();
  if (!place) return;
  document.querySelectorAll("[data-open]").forEach(function (open) {
    if (place.contains(open)) open.dataset.open = "ready";
    else open.remove();
  });
  if (field) field.focus();
  else if (place.querySelector("[data-next]")) {
    place.parentNode.querySelector(LINE).focus();
    move(1);
  }
});
})();
