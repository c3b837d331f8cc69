/* Uploads by the tus protocol: several files, each with its progress; what broke off goes on where it ended. */
"use strict";

(() => {
  const drop = document.getElementById("drop");
  if (!drop) return;
  const list = document.getElementById("uploads");
  const news = document.getElementById("upload-news");
  const say = (key) => drop.querySelector(`template[data-words="${key}"]`).content.textContent;
  const csrf = JSON.parse(document.body.getAttribute("hx-headers"));
  const sheets = /\.(xlsx|xls|csv)$/i;
  const papers = /\.(pdf|tiff?|jpe?g|png|zip)$/i;
  let going = Promise.resolve();

  // What was chosen before this script had come is taken as well.
  const choose = (id, take) => {
    const input = document.getElementById(id);
    const chosen = () => {
      for (const file of [...input.files]) take(file);
      input.value = "";
    };
    input.addEventListener("change", chosen);
    chosen();
  };

  for (const kind of ["dragover", "dragenter"]) {
    document.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    for (const file of event.dataTransfer.files) add(file, sheets.test(file.name) ? "roster" : "volume");
  });

  // One file after the other: the volumes keep the order in which they were given.
  function add(file, purpose) {
    const line = new Line(file, purpose);
    const most = Number(purpose === "roster" ? drop.dataset.mostRoster : drop.dataset.most);
    if (!(purpose === "roster" ? sheets : papers).test(file.name)) return line.refuse(say("kind"));
    if (file.size === 0) return line.refuse(say("empty"));
    if (file.size > most) return line.refuse(`${say("large")} ${Math.floor(most / 2 ** 20)} MB`);
    going = going.then(() => line.send());
    return going;
  }

  class Line {
    constructor(file, purpose) {
      this.file = file;
      this.purpose = purpose;
      this.item = document.createElement("li");
      this.name = this.make("b", file.name);
      this.make("span", say(purpose), "sub");
      this.bar = this.make("progress", "");
      this.bar.max = file.size;
      this.bar.value = 0;
      this.bar.setAttribute("aria-label", `${say("progress")} ${file.name}`);
      this.state = this.make("span", say("waiting"), "state");
      this.actions = this.make("div", "", "actions");
      list.append(this.item);
    }

    make(tag, text, kind = "") {
      const made = document.createElement(tag);
      made.textContent = text;
      if (kind) made.className = kind;
      this.item.append(made);
      return made;
    }

    tell(words, kind = "") {
      this.state.textContent = words;
      this.item.className = kind;
      news.textContent = `${this.file.name}: ${words}`;
    }

    refuse(words) {
      this.bar.remove();
      this.actions.replaceChildren();
      this.tell(words, "refused");
    }

    button(words, act) {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = words;
      made.setAttribute("aria-label", `${words} ${this.file.name}`);
      made.addEventListener("click", act);
      this.actions.append(made);
    }

    send() {
      return new Promise((ended) => {
        const replaces = document.getElementById("replaces");
        const metadata = { filename: this.file.name, purpose: this.purpose };
        if (this.purpose === "volume" && replaces && replaces.value) metadata.replaces = replaces.value;
        const upload = new tus.Upload(this.file, {
          endpoint: drop.dataset.endpoint,
          headers: csrf,
          metadata,
          chunkSize: Number(drop.dataset.piece),
          retryDelays: [0, 500, 1500, 3000, 6000, 12000],
          removeFingerprintOnSuccess: true,
          onShouldRetry: (error) => {
            const again = mayGoOn(error);
            if (again) this.tell(say("again"), "again");
            return again;
          },
          onProgress: (sent) => {
            this.bar.value = sent;
            this.state.textContent = `${say("sending")} ${Math.floor((100 * sent) / this.file.size)} %`;
          },
          onSuccess: () => {
            this.bar.remove();
            this.actions.replaceChildren();
            this.tell(say("done"), "done");
            htmx.ajax("GET", drop.dataset.files, { target: "#files", swap: "outerHTML" }).then(ended, ended);
          },
          onError: (error) => {
            this.actions.replaceChildren();
            if (!mayGoOn(error)) {
              this.refuse(`${say("refused")}：${reason(error)}`);
              return ended();
            }
            this.tell(say("broken"), "broken");
            const goOn = () => {
              window.removeEventListener("online", goOn);
              this.actions.replaceChildren();
              this.cancellable(upload, ended);
              this.tell(say("sending"));
              upload.start();
            };
            window.addEventListener("online", goOn);
            this.button(say("resume"), goOn);
            return undefined;
          },
        });
        this.cancellable(upload, ended);
        upload.findPreviousUploads().then((before) => {
          if (before.length) upload.resumeFromPreviousUpload(before[0]);
          this.tell(say("sending"));
          upload.start();
        });
      });
    }

    cancellable(upload, ended) {
      this.button(say("cancel"), () => {
        upload.abort(true).catch(() => undefined).then(() => {
          this.refuse(say("cancelled"));
          ended();
        });
      });
    }
  }

  // Lost connections and a server that is away pass; what the server refused stays refused.
  function mayGoOn(error) {
    const answer = error.originalResponse;
    if (!answer) return true;
    const status = answer.getStatus();
    if (status === 409) return typeof body(answer).current === "number";
    return status === 0 || status === 429 || status >= 500;
  }

  function body(answer) {
    try {
      return JSON.parse(answer.getBody());
    } catch {
      return {};
    }
  }

  function reason(error) {
    const told = error.originalResponse ? body(error.originalResponse) : {};
    return [told.detail, told.advice].filter(Boolean).join("；") || error.message;
  }

  choose("choose-volumes", (file) => add(file, "volume"));
  choose("choose-roster", (file) => add(file, "roster"));

  window.addEventListener("beforeunload", (event) => {
    if (list.querySelector("li:not(.done):not(.refused)")) event.preventDefault();
  });
})();
