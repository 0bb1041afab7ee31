/* Progressive enhancement; every page works without scripts. Texts come from the page. */
(function () {
"use strict";
var on = function (name, act, capture) { document.addEventListener(name, act, capture); };
var busy = 0, next; // photos being resized

// A page in the browser's back/forward cache may be that of the previous user: reload it.
addEventListener("pageshow", function (event) {
  if (event.persisted && document.body.hasAttribute("data-signed-in")) location.reload();
  document.querySelectorAll("form").forEach(function (form) { form.sentAt = 0; });
});

// A double press sends the form once; after 8 seconds without an answer it can be retried.
on("submit", function (event) {
  var form = event.target, secret = form.querySelector("[autocomplete=new-password]");
  var tick = secret && secret.value && form.querySelector("[type=checkbox]:invalid");
  next = busy && event.submitter;
  if (busy || Date.now() - (form.sentAt || 0) < 8000) {
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

// On 2G a photo of 4 MB takes 11 minutes, a resized one half a minute. If resizing fails, the original is sent.
function smaller(file) {
  if (!/^image\/(jpeg|png)$/.test(file.type) || file.size < 3e5) return file;
  return createImageBitmap(file, {imageOrientation: "from-image"}).then(function (picture) {
    var canvas = document.createElement("canvas"), by = Math.min(1, 1280 / Math.max(picture.width, picture.height));
    canvas.width = Math.round(picture.width * by);
    canvas.height = Math.round(picture.height * by);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return new Promise(function (done) { canvas.toBlob(done, "image/jpeg", 0.7); });
  }).then(function (blob) {
    if (!blob || blob.size < 1000 || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", {type: "image/jpeg"});
  }).catch(function () { return file; });
}
function shrink(field, words) {
  if (!window.createImageBitmap || !window.DataTransfer) return;
  field.onchange = function () {
    var before = Array.from(field.files), list = field.parentNode.querySelector(".up") || document.createElement("ul");
    busy += 1;
    Promise.all(before.map(smaller)).then(function (files) {
      var bag = new DataTransfer();
      files.forEach(function (file) { bag.items.add(file); });
      field.files = bag.files;
      list.className = "up";
      list.textContent = "";
      files.forEach(function (file, n) {
        var line = document.createElement("li");
        line.textContent = file.name + ", " + (file === before[n] ? "" : words + " ") + Math.ceil(file.size / 1000) + " kB";
        list.append(line);
      });
      field.after(list);
    }).catch(function () {}).then(function () {
      busy -= 1;
      if (!busy && next) next.click();
    });
  };
}

// Saves a long form while it is filled in: a tab may be closed at any moment, even by the camera app. Each save has the
// server time of its input, so that an older save never overwrites a newer one.
function keep(mark, address) {
  var form = mark.form, begun = performance.now(), changed = 0, waiting;
  function later(span) { waiting = waiting || changed && setTimeout(send, span); }
  function again(at, span) {
    changed = changed || at;
    later(span);
  }
  function send() {
    waiting = clearTimeout(waiting);
    if (!changed || form.sentAt || !mark.isConnected) return;
    var typed = new URLSearchParams(new FormData(form)), at = changed;
    typed.delete("documents");
    typed.set("show", "keep");
    typed.set("since", Math.floor(+mark.value + at - begun));
    changed = 0;
    fetch(address, {method: "POST", body: typed, keepalive: true, headers: {"HX-Request": "true"}}).then(function (answer) {
      if (answer.status === 429 || answer.status > 499) again(at, 2e4);
    }).catch(function () { again(at, 5000); });
  }
  form.addEventListener("input", function () { again(changed = performance.now(), 1000); });
  form.addEventListener("htmx:afterRequest", function () { later(1000); });
  on("visibilitychange", send);
  addEventListener("pagehide", send);
}

// Shows the progress of an upload and lets the user cancel it. Requests made while a form is filled in have no bar.
function bar(part) {
  var form = part.closest("form"), encoded = part.closest("[hx-encoding]"), photos = form ? Array.from(form.querySelectorAll("[type=file]")) : [];
  var sent = encoded && encoded.getAttribute("hx-encoding")[0] === "m" && photos.some(function (field) { return field.files.length; });
  return (part === form || sent) && form.querySelector("[data-upload]");
}
function upload(event, stopped) {
  var part = event.target, box = bar(part);
  if (!box) return;
  var find = function (name) { return box.querySelector("[data-" + name + "]"); };
  find("sending").hidden = find("cancel").hidden = stopped;
  find("broken").hidden = find("again").hidden = !stopped;
  find("cancel").onclick = function () { htmx.trigger(part, "htmx:abort"); };
  box.hidden = !part.closest("form").querySelector("[type=file]") && !stopped;
  return box.querySelector("progress");
}
on("htmx:beforeRequest", function (event) {
  // A timeline in a hidden tab, or one with input in its fields, does not poll.
  var fields = Array.from(document.querySelectorAll("#request textarea,#request [type=file]"));
  var idle = document.hidden || fields.some(function (field) { return field.value; });
  if (idle && event.detail.elt.hasAttribute("data-news")) event.preventDefault();
  document.getElementById("status").textContent = "";
});
on("htmx:afterRequest", function (event) {
  var box = bar(event.target);
  event.target.sentAt = 0;
  if (box) box.hidden = true; // an error is shown after this
});
["htmx:xhr:loadstart", "htmx:xhr:progress"].forEach(function (name) {
  on(name, function (event) {
    var far = upload(event, false);
    if (far) far.value = 100 * event.detail.loaded / (event.detail.total || 1);
  });
});
["htmx:sendError", "htmx:sendAbort", "htmx:timeout"].forEach(function (name) {
  on(name, function (event) { upload(event, true); });
});

var parts = {show: showPassword, wait: countDown, copy: copyNumber, listen: listen, shrink: shrink, code: readCode, keep: keep};
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
/* The comparison with the bill may select a reason, but never replaces one that the user has selected since. */
on("htmx:oobBeforeSwap", function (event) {
  if (event.detail.target.id !== "reason") return;
  var offered = document.querySelector("[name=reason_offered]"), chosen = event.detail.target.value;
  if (chosen && !(offered && offered.value === chosen)) event.detail.shouldSwap = false;
});

on("htmx:load", function (event) { if (event.target !== document.body) prepare(event.target.parentNode || document); });
})();
