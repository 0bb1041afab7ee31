/* Comfort for phones that can run it; every page works without. Texts come from the page, never from here. */
(function () {
"use strict";
var all = function (selector, root) { return Array.from((root || document).querySelectorAll(selector)); };
var on = function (name, act, capture) { document.addEventListener(name, act, capture); };
var busy = 0; // photos being made smaller

// A page kept by the browser may be the last reader's: a signed-in one is asked for again.
addEventListener("pageshow", function (event) {
  if (event.persisted && document.body.hasAttribute("data-signed-in")) location.reload();
  all("form").forEach(function (form) { delete form.dataset.sent; });
});

// Pressing twice sends once. A line that is slow, not dead, gets its answer; a dead one may be tried again.
on("submit", function (event) {
  var form = event.target, last = +form.dataset.sent || 0;
  if (busy || Date.now() - last < 8000) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else {
    form.dataset.sent = Date.now();
  }
}, true);
on("htmx:afterRequest", function (event) {
  var form = event.target.closest("form");
  if (form) delete form.dataset.sent;
});

on("click", function (event) {
  var link = event.target.closest("[data-listen]"), button = event.target.closest("[data-copy]");
  if (link && window.Audio) {
    event.preventDefault();
    new Audio(link.href).play().catch(function () { open(link.href); });
  }
  if (button) {
    navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim()).then(function () {
      button.textContent = button.dataset.done;
    });
  }
});

function showPassword(field) {
  var button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.setAttribute("aria-controls", field.id);
  button.textContent = field.dataset.show;
  button.onclick = function () {
    var hidden = field.type === "password";
    field.type = hidden ? "text" : "password";
    button.textContent = hidden ? field.dataset.hide : field.dataset.show;
  };
  field.after(button);
}

function countDown(button) {
  var left = +button.dataset.wait, hint = button.form.querySelector(".hint"), words = hint && hint.textContent;
  if (!(left > 0)) return;
  button.disabled = true;
  var clock = setInterval(function () {
    left -= 1;
    if (hint) hint.textContent = words.replace(/\d+/, left);
    if (left <= 0) {
      clearInterval(clock);
      button.disabled = false;
      if (hint) hint.remove();
    }
  }, 1000);
}

function readCode(field) {
  if (!("OTPCredential" in window)) return;
  navigator.credentials.get({otp: {transport: ["sms"]}}).then(function (found) { field.value = found.code; }).catch(function () {});
}

// A photo of 4 MB takes 11 minutes at 50 kbit/s, made smaller half a minute. Whatever fails, the original goes.
function smaller(file) {
  if (!/^image\/(jpeg|png)$/.test(file.type) || file.size < 3e5) return Promise.resolve(file);
  return new Promise(function (done) {
    var picture = new Image(), address = URL.createObjectURL(file);
    var keep = function () { URL.revokeObjectURL(address); done(file); };
    picture.onerror = keep;
    picture.onload = function () {
      try {
        var canvas = document.createElement("canvas"), by = Math.min(1, 1280 / Math.max(picture.width, picture.height));
        canvas.width = Math.round(picture.width * by);
        canvas.height = Math.round(picture.height * by);
        canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
        canvas.toBlob(function (blob) {
          if (!blob || blob.size < 1000 || blob.size >= file.size) return keep();
          URL.revokeObjectURL(address);
          done(new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", {type: "image/jpeg"}));
        }, "image/jpeg", 0.7);
      } catch (error) { keep(); }
    };
    picture.src = address;
  });
}
on("change", function (event) {
  var field = event.target;
  if (!field.dataset.shrink || !window.DataTransfer || !HTMLCanvasElement.prototype.toBlob) return;
  var before = Array.from(field.files);
  busy += 1;
  Promise.all(before.map(smaller)).then(function (files) {
    var bag = new DataTransfer(), list = field.parentNode.querySelector(".up") || document.createElement("ul");
    files.forEach(function (file) { bag.items.add(file); });
    field.files = bag.files;
    list.className = "up";
    list.textContent = "";
    files.forEach(function (file, n) {
      var line = document.createElement("li"), size = Math.ceil(file.size / 1000) + " kB";
      line.textContent = file.name + ", " + (file === before[n] ? "" : field.dataset.shrink + " ") + size;
      list.append(line);
    });
    field.after(list);
  }).catch(function () {}).then(function () { busy -= 1; });
});

// A form that HTMX sends shows how far it is, can be stopped, and keeps everything when the line drops.
function part(event, name) {
  var box = event.target.querySelector && event.target.querySelector("[data-upload]");
  return box && (name ? box.querySelector(name) : box);
}
on("htmx:xhr:progress", function (event) {
  var bar = part(event, "progress");
  if (!bar || !event.detail.total || !event.target.querySelector("[type=file]")) return;
  part(event).hidden = false;
  bar.value = 100 * event.detail.loaded / event.detail.total;
  part(event, "[data-cancel]").onclick = function () { htmx.trigger(event.target, "htmx:abort"); };
});
["htmx:sendError", "htmx:xhr:abort", "htmx:timeout"].forEach(function (name) {
  on(name, function (event) {
    if (!part(event)) return;
    part(event).hidden = false;
    part(event, "[data-sending]").hidden = true;
    part(event, "[data-broken]").hidden = part(event, "[data-again]").hidden = false;
  });
});

function prepare(root) {
  all("[data-show]", root).forEach(showPassword);
  all("[data-wait]", root).forEach(countDown);
  all("[autocomplete=one-time-code]", root).forEach(readCode);
  all("[data-copy]", root).forEach(function (button) { button.hidden = !navigator.clipboard; });
  var wrong = (root || document).querySelector(".bad[tabindex]");
  if (wrong) wrong.focus();
}
prepare();
on("htmx:load", function (event) { if (event.target !== document.body) prepare(event.target); });
})();
