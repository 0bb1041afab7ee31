/* Keys for the lists of the offices, and back to the same line; every page works without. */
(function () {
"use strict";
var OFF = "wss-keys-off";
function lines() { return Array.from(document.querySelectorAll("tr[id^=r-] th a")); }
function isOff() { try { return localStorage.getItem(OFF) === "1"; } catch (error) { return false; } }

// The line that was opened is written into the address, so that the way back leads to it.
function remember(link) {
  var line = link.closest("tr[id^=r-]");
  if (line) history.replaceState(history.state, "", "#" + line.id);
}
function comeBack() {
  var line = /^#r-\d{11}$/.test(location.hash) && document.getElementById(location.hash.slice(1));
  var link = line && line.querySelector("th a");
  if (!link) return;
  link.focus({preventScroll: true});
  line.scrollIntoView({block: "center"});
}
function move(by) {
  var all = lines(), at = all.findIndex(function (link) { return link.closest("tr").contains(document.activeElement); });
  var next = all[at < 0 ? (by > 0 ? 0 : -1) : at + by];
  if (!next) return;
  next.focus();
  next.scrollIntoView({block: "nearest"});
}
function isTyping(place) {
  return place.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(place.tagName);
}

document.addEventListener("click", function (event) {
  var link = event.target.closest("tr[id^=r-] a");
  if (link) remember(link);
});
document.addEventListener("keydown", function (event) {
  if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target) || isOff() || !document.querySelector("[data-keys]")) return;
  var here = document.activeElement.closest("tr[id^=r-]"), account = document.getElementById("account_no");
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "o" && here) here.querySelector("th a").click();
  else if (event.key === "/" && account) account.focus();
  else return;
  event.preventDefault();
});

function prepare() {
  document.querySelectorAll("[data-keys]").forEach(function (words) {
    var button = words.querySelector("button");
    words.hidden = false;
    function tell() { button.textContent = isOff() ? button.dataset.on : button.dataset.off; }
    button.onclick = function () {
      try { localStorage.setItem(OFF, isOff() ? "0" : "1"); } catch (error) {}
      tell();
    };
    tell();
  });
}
prepare();
comeBack();
addEventListener("pageshow", function (event) { if (event.persisted) comeBack(); });
document.addEventListener("htmx:load", prepare);
})();
