// What a page can do beyond being read. Each part looks for what it needs and leaves the page alone otherwise.

const thread = document.getElementById("thread");

// --- Moderators' selection: with shift, from the box that was checked last up to this one

let lastChecked;
document.addEventListener("click", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || box.name !== "post" || box.form?.id !== "moderate") return;
  const boxes = [...document.querySelectorAll('input[name="post"][form="moderate"]')];
  const [from, to] = [boxes.indexOf(lastChecked), boxes.indexOf(box)].sort((a, b) => a - b);
  if (event.shiftKey && from >= 0) boxes.slice(from, to + 1).forEach((one) => (one.checked = box.checked));
  lastChecked = box;
});

// --- Times: the reader's own, and kept fresh

const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" });
const absolute = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short" });
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" });

function ago(then) {
  const seconds = (Date.now() - then) / 1000;
  const past = (amount, unit) => relative.format(-Math.max(1, Math.round(amount)), unit);
  if (seconds < 45) return "just now";
  if (seconds < 3570) return past(seconds / 60, "minute");
  if (seconds < 84600) return past(seconds / 3600, "hour");
  if (seconds < 2548800) return past(seconds / 86400, "day");
  return day.format(then);
}

function tellTimes() {
  for (const time of document.querySelectorAll("time[datetime]")) {
    const then = new Date(time.dateTime);
    time.textContent = ago(then);
    time.title = absolute.format(then);
  }
}

tellTimes();
setInterval(tellTimes, 30_000);

// Code and tables that are wider than their box can be scrolled with the keyboard too.
function reachWide() {
  for (const box of document.querySelectorAll("pre, .prose table")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
}

reachWide();
addEventListener("resize", reachWide);

// --- Writing

const body = document.getElementById("reply-body");
const draftKey = thread && `draft:${thread.dataset.thread}`;

if (body) {
  // What is typed outlives a look at another page of the thread.
  body.value ||= sessionStorage.getItem(draftKey) ?? "";
  if (location.hash === "#reply") writeOn();
  body.addEventListener("input", () => keepDraft());
  body.form.addEventListener("submit", () => sessionStorage.removeItem(draftKey));
}

function writeOn() {
  body.focus();
  body.setSelectionRange(body.value.length, body.value.length);
  body.scrollIntoView({ block: "center" });
}

function keepDraft() {
  if (body.value.trim()) sessionStorage.setItem(draftKey, body.value);
  else sessionStorage.removeItem(draftKey);
}

document.addEventListener("keydown", (e) => {
  if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && e.target.form && e.target.matches("textarea")) {
    e.target.form.requestSubmit(e.target.form.querySelector(".primary"));
  }
});

// --- Quoting: what is selected in the post, else all of it

let selected = null; // pressing a button may clear the selection, so it is remembered

document.addEventListener("selectionchange", () => {
  const selection = getSelection();
  if (selection.isCollapsed) return;
  const article = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest(".post");
  const post = article(selection.anchorNode);
  selected = post && post === article(selection.focusNode) ? { post, text: selection.toString() } : null;
});

document.addEventListener("pointerdown", (e) => {
  if (!e.target.closest("[data-quote]")) selected = null;
});

const letters = /[\p{L}\p{N}]/u;

// Where the words of a selection stand in the text as it was typed: only letters and digits are compared, since what
// is on the screen lacks the marks around them.
function find(text, words) {
  const at = [];
  let bare = "";
  for (let i = 0; i < text.length; ) {
    const c = String.fromCodePoint(text.codePointAt(i));
    if (letters.test(c)) {
      for (let unit = 0; unit < c.length; unit++) at.push(i + unit);
      bare += c;
    }
    i += c.length;
  }
  const wanted = [...words].filter((c) => letters.test(c)).join("");
  const found = wanted ? bare.indexOf(wanted) : -1;
  if (found < 0) return null;
  const marks = "*_~`";
  let start = at[found];
  let end = at[found + wanted.length - 1] + 1;
  while (start > 0 && marks.includes(text[start - 1])) start--;
  while (end < text.length && marks.includes(text[end])) end++;
  return text.slice(start, text[end] === words.trimEnd().at(-1) ? end + 1 : end);
}

document.addEventListener("click", async (e) => {
  const button = e.target.closest("[data-quote]");
  if (!button || !body) return;
  e.preventDefault();
  const post = button.closest(".post");
  const words = selected?.post === post ? selected.text : "";
  try {
    const answer = await fetch(`/api/posts/${button.value}/quotable`);
    if (!answer.ok) throw new Error(answer.status);
    const { text, block } = await answer.json();
    const excerpt = words && find(text, words);
    const typed = body.value.trimEnd();
    const quote = excerpt ? block.replace(`\n${text}\n`, () => `\n${excerpt}\n`) : block;
    body.value = `${typed}${typed && "\n\n"}${quote}\n\n`;
    keepDraft();
    writeOn();
  } catch {
    body.form.requestSubmit(button); // the way without JavaScript
  }
});

// A quote of a post on this page leads there without loading it again.
document.addEventListener("click", (e) => {
  const link = e.target.closest(".quote-source a");
  if (!link || e.ctrlKey || e.metaKey || e.shiftKey) return;
  const id = link.getAttribute("href").match(/^\/posts\/([0-9a-f-]+)$/)?.[1];
  const post = id && document.querySelector(`.post[data-id="${id}"]`);
  if (!post) return;
  e.preventDefault();
  location.hash = post.id;
});

// --- News of an open thread

if (thread) {
  const news = document.getElementById("news");
  const page = Number(thread.dataset.page);
  // Not the address bar's: after a refused form that is the form's.
  const isTree = thread.dataset.order === "tree";
  const address = `/threads/${thread.dataset.thread}?${isTree ? "order=tree&" : ""}page=`;
  let live = null;
  let refreshing = null;
  let again = false;

  const open = () => {
    live ??= new EventSource(`/api/threads/${thread.dataset.thread}/live`);
    live.addEventListener("thread", (e) => hear(JSON.parse(e.data)));
  };

  // A browser opens six connections to a server at most: a tab that nobody looks at holds none.
  const close = () => {
    live?.close();
    live = null;
  };

  const follow = () => (document.hidden ? close() : live || open());
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", close);
  addEventListener("pageshow", follow);
  follow();

  function hear({ version, lastNumber, viewers }) {
    const guests = viewers.guests === 1 ? ["1 guest"] : viewers.guests > 1 ? [`${viewers.guests} guests`] : [];
    const names = [...viewers.members.map(isolated), ...guests];
    document.getElementById("viewers").replaceChildren(...names.flatMap((name, i) => (i === 0 ? [name] : [", ", name])));
    if (version > Number(thread.dataset.version)) {
      again = true;
      // Whoever has the page open hears of this now: they do not all read it again in the same moment.
      const wait = Math.random() * Math.min(10_000, 20 * (viewers.members.length + viewers.guests));
      refreshing ??= refresh(lastNumber, wait).finally(() => (refreshing = null));
    }
  }

  // A name from right to left keeps its place in the list.
  function isolated(name) {
    const element = document.createElement("bdi");
    element.textContent = name;
    return element;
  }

  async function refresh(lastNumber, wait) {
    while (again) {
      await new Promise((resume) => setTimeout(resume, wait));
      again = false;
      const html = await read();
      if (html === null) return; // nobody answers: once the stream is there again it says what there is
      const fresh = new DOMParser().parseFromString(html, "text/html");
      const now = fresh.getElementById("thread");
      if (!now) return tell(lastNumber);
      take(fresh);
      thread.dataset.version = now.dataset.version;
      thread.dataset.pages = now.dataset.pages;
      lastNumber = Math.max(lastNumber, Number(now.dataset.posts));
      tell(lastNumber);
    }
  }

  /** The page as it is now, empty where there is none any more; null when nobody answers. */
  async function read() {
    try {
      const answer = await fetch(address + page, { headers: { accept: "text/html" } });
      return answer.ok && !answer.redirected ? await answer.text() : "";
    } catch {
      return null;
    }
  }

  // Adds the posts that are new, and replaces those that say something else now.
  function take(fresh) {
    const posts = document.getElementById("posts");
    let added = 0;
    let before = null;
    for (const post of fresh.querySelectorAll("#posts > .post")) {
      const shown = document.getElementById(post.id);
      if (!shown) {
        post.classList.add("new");
        // Among answers a new one stands behind the post that it follows; by number that is the last one.
        if (isTree && before) before.after(document.adoptNode(post));
        else posts.append(document.adoptNode(post));
        added++;
      } else if (differ(shown, post) && !shown.contains(document.activeElement)) {
        shown.replaceWith(document.adoptNode(post));
      }
      before = document.getElementById(post.id);
    }
    for (const id of ["thread-head", "pages", "pages-end"]) {
      const shown = document.getElementById(id);
      if (!shown.contains(document.activeElement)) shown.replaceWith(document.adoptNode(fresh.getElementById(id)));
    }
    const version = document.querySelector('#reply input[name="version"]');
    if (version) version.value = fresh.getElementById("thread").dataset.version;
    tellTimes();
    reachWide();
    if (added) say(added === 1 ? "1 new reply." : `${added} new replies.`);
  }

  function differ(a, b) {
    const words = (post) => ["content", "edited"].map((part) => strip(post.querySelector(`.${part}`))).join();
    return words(a) !== words(b);
  }

  function strip(element) {
    const copy = element?.cloneNode(true);
    copy?.querySelectorAll("time").forEach((time) => time.remove());
    return copy?.innerHTML.replaceAll(' open=""', "") ?? "";
  }

  // Posts that are on another page; among answers nobody knows on which.
  function tell(lastNumber) {
    if (isTree) return;
    const last = Math.max(0, ...[...document.querySelectorAll(".post")].map((post) => Number(post.dataset.number)));
    const known = page < Number(thread.dataset.pages) ? Math.max(last, Number(thread.dataset.posts)) : last;
    const more = lastNumber - known;
    if (more > 0) {
      const url = `${address}${Math.ceil((known + 1) / Number(thread.dataset.postsPerPage))}#p${known + 1}`;
      say(more === 1 ? "1 new reply: " : `${more} new replies: `, url);
    }
  }

  function say(words, url) {
    news.replaceChildren(words);
    if (url) {
      const link = document.createElement("a");
      link.href = url;
      link.textContent = "show";
      news.append(link);
    }
  }
}
