/* Keyboard shortcuts of officers' lists, and focus on the last opened row; every page works without them. */
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

document.addEventListener("click", function (event) {
  var link = event.target.closest(LINE);
  if (link) remember(link);
});
document.addEventListener("keydown", function (event) {
  if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target) || isOff() || !document.querySelector("[data-keys]")) return;
  var here = document.activeElement, account = document.querySelector("main [name=account_no]");
  if (event.key === "j") move(1);
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
      tell();
    };
    tell();
  });
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
