/* Progressive enhancement; every page works without scripts. Texts come from the page. */
(function () {
"use strict";
var on = function (name, act, capture) { document.addEventListener(name, act, capture); };

// Not in a <meta>, which every page would carry. Deferred scripts run before htmx starts.
if (window.htmx) Object.assign(htmx.config, {
  allowEval: false,
  selfRequestsOnly: true,
  allowScriptTags: false,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  includeIndicatorStyles: false,
  responseHandling: [{code: "204", swap: false}, {code: "[23]..|422", swap: true},
    {code: "[45]..", swap: true, error: true}]
});

// A page in the browser's back/forward cache may be that of the previous user: reload it.
addEventListener("pageshow", function (event) {
  if (event.persisted && document.body.hasAttribute("data-signed-in")) location.reload();
  document.querySelectorAll("form").forEach(function (form) { form.sentAt = 0; });
});

// A double press sends the form once; after 8 seconds without an answer it can be retried.
on("submit", function (event) {
  var form = event.target, secret = form.querySelector("[autocomplete=new-password]");
  var tick = secret && secret.value && form.querySelector("[type=checkbox]:invalid");
  if (Date.now() - (form.sentAt || 0) < 8000) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else if (tick && !(event.submitter && event.submitter.formNoValidate)) {
    // Report the unticked box before the form is sent: no page returns a password that was sent.
    event.preventDefault();
    event.stopImmediatePropagation();
    tick.reportValidity();
  } else {
    form.sentAt = Date.now();
  }
}, true);

function showPassword(field, words) {
  var button = document.createElement("button"), other = field.dataset.hide;
  button.type = "button";
  button.className = "quiet";
  button.setAttribute("aria-controls", field.id);
  button.textContent = words;
  button.onclick = function () {
    var hidden = field.type === "password";
    field.type = hidden ? "text" : "password";
    button.textContent = hidden ? other : words;
  };
  field.after(button);
}

function countDown(button, seconds) {
  var left = +seconds, hint = button.form.querySelector(".hint");
  if (!(left > 0)) return;
  button.disabled = true;
  var clock = setInterval(function () {
    left -= 1;
    if (hint) hint.textContent = hint.textContent.replace(/\d+/, left);
    if (left > 0) return;
    clearInterval(clock);
    button.disabled = false;
    hint && hint.remove();
  }, 1000);
}

function copyNumber(button, id) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.onclick = function () {
    navigator.clipboard.writeText(document.getElementById(id).textContent.trim()).then(function () {
      button.textContent = button.dataset.done;
    });
  };
}

function listen(link) {
  link.onclick = function () {
    new Audio(link.href).play().catch(function () { open(link.href); });
    return false;
  };
}

function readCode(field) {
  if (!("OTPCredential" in window)) return;
  navigator.credentials.get({otp: {transport: ["sms"]}}).then(function (found) { field.value = found.code; }).catch(function () {});
}

on("htmx:beforeRequest", function (event) {
  // A timeline in a hidden tab, or one with input in its fields, does not poll.
  var fields = Array.from(document.querySelectorAll("#request textarea,#request [type=file]"));
  var idle = document.hidden || fields.some(function (field) { return field.value; });
  if (idle && event.detail.elt.hasAttribute("data-news")) event.preventDefault();
  document.getElementById("status").textContent = "";
});
on("htmx:afterRequest", function (event) {
  event.target.sentAt = 0;
});
var parts = {show: showPassword, wait: countDown, copy: copyNumber, listen: listen, code: readCode};
function prepare(root) {
  try { sessionStorage.clear(); } catch (error) {} // HTMX stores addresses there
  Object.keys(parts).forEach(function (name) {
    root.querySelectorAll("[data-" + name + "]").forEach(function (part) {
      if (part.ready) return;
      part.ready = true;
      parts[name](part, part.dataset[name]);
    });
  });
  var wrong = root.querySelector(".bad[tabindex],#done");
  if (wrong) wrong.focus();
}
prepare(document);
on("htmx:load", function (event) { if (event.target !== document.body) prepare(event.target.parentNode || document); });
})();
