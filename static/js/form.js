/* Long forms and forms with documents: photos made smaller, saved while typed, shown part by part. Texts come from the page. */
(function () {
"use strict";
var on = function (name, act, capture) { document.addEventListener(name, act, capture); };
var busy = 0, next; // photos being resized

// A form that is sent while a photo is being resized is sent afterwards.
on("submit", function (event) {
  next = busy && event.submitter;
  if (!busy) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  event.target.sentAt = 0;
}, true);

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
function thumbnail(line, file) {
  if (!/^image/.test(file.type)) return;
  createImageBitmap(file).then(function (picture) {
    var canvas = document.createElement("canvas");
    canvas.width = 96;
    canvas.height = Math.round(96 * picture.height / picture.width);
    canvas.getContext("2d").drawImage(picture, 0, 0, 96, canvas.height);
    line.prepend(canvas);
  }).catch(function () {});
}
function shrink(field, words) {
  if (!window.createImageBitmap || !window.DataTransfer) return;
  var label = field.closest("label"), list = document.createElement("ul");
  if (label) { // a button in the language of the page; the chosen files are listed below it
    label.className += " as b2";
    field.classList.add("vh");
  }
  field.onchange = function () {
    var before = Array.from(field.files);
    busy += 1;
    Promise.all(before.map(smaller)).then(function (files) {
      var bag = new DataTransfer();
      files.forEach(function (file) { bag.items.add(file); });
      field.files = bag.files;
      list.className = "up";
      list.textContent = "";
      files.forEach(function (file, n) {
        var line = document.createElement("li");
        thumbnail(line, file);
        line.append(file.name + ", " + (file === before[n] ? "" : words + " ") + Math.ceil(file.size / 1000) + " kB");
        list.append(line);
      });
      (label || field).after(list);
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
on("htmx:afterRequest", function (event) {
  var box = bar(event.target);
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

// On a small screen the second part of a form is shown after the first one. With an error, or with a field in the address,
// all of it is shown.
function part(first, words) {
  var all = first.parentNode, next = document.createElement("button");
  if (innerWidth > 639 || location.hash || all.querySelector(".err,.bad")) return;
  next.type = "button";
  next.className = "btn";
  next.textContent = words;
  next.onclick = function () {
    all.classList.remove("first");
    next.remove();
    first.nextElementSibling.scrollIntoView();
    all.querySelector(".part ~ * button,.part ~ * select").focus();
  };
  first.onkeydown = function (event) {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT" || !next.parentNode) return;
    event.preventDefault();
    next.click();
  };
  first.append(next);
  all.classList.add("first");
}

var parts = {shrink: shrink, keep: keep};
function prepare(root) {
  Object.keys(parts).forEach(function (name) {
    root.querySelectorAll("[data-" + name + "]").forEach(function (field) {
      if (field.prepared) return;
      field.prepared = true;
      parts[name](field, field.dataset[name]);
    });
  });
}
prepare(document);
document.querySelectorAll("[data-part]").forEach(function (first) { part(first, first.dataset.part); });
/* The comparison with the bill may select a reason, but never replaces one that the user has selected since. */
on("htmx:oobBeforeSwap", function (event) {
  if (event.detail.target.id !== "reason") return;
  var offered = document.querySelector("[name=reason_offered]"), chosen = event.detail.target.value;
  if (chosen && !(offered && offered.value === chosen)) event.detail.shouldSwap = false;
});

on("htmx:load", function (event) { prepare(event.target.parentNode || document); });
})();
