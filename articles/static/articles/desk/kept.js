// Words on this computer that the server does not have yet: a database for each user, which forget.js deletes whole.

const NAME = "marquee-kept-";
const LONGEST = 4000000;
const MOST = 30;
const DAYS = 14;
let opening = null;

function promised(request) {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

function open(user) {
  opening ??= new Promise((done, failed) => {
    const request = indexedDB.open(NAME + user, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("words", { keyPath: "tab" });
    request.onerror = () => failed(request.error);
    request.onsuccess = () => {
      // Somebody signs out, or in: the database goes at once, and comes again with the first words that may be kept.
      request.result.onversionchange = () => { request.result.close(); opening = null; };
      request.result.onclose = () => { opening = null; };
      done(request.result);
    };
  });
  return opening;
}

// A browser that keeps nothing, as in a private window, is no trouble: then only the server keeps what is typed.
async function within(user, act, nothing) {
  try {
    const words = (await open(user)).transaction("words", "readwrite").objectStore("words");
    return await act(words);
  } catch {
    opening = null;
    return nothing;
  }
}

export class Kept {
  constructor(user) {
    this.user = user;
  }

  // A record is {tab, story, base, revision, at, fields, text}: one for each tab that is or was open.
  put(record) {
    return record.text.length > LONGEST ? false : within(this.user, (words) => promised(words.put(record)), false);
  }

  // Deletes what a tab typed; with `text` only if it is exactly this: what was typed since stays.
  drop(tab, text = null) {
    return within(this.user, async (words) => {
      const record = text === null ? null : await promised(words.get(tab));
      if (text === null || record?.text === text) await promised(words.delete(tab));
    });
  }

  // Returns all there is, the latest first; what is too old, or too much, goes.
  async all() {
    const records = (await within(this.user, (words) => promised(words.getAll()), [])).sort((one, other) => other.at - one.at);
    const oldest = Date.now() - DAYS * 24 * 60 * 60 * 1000;
    const fresh = records.filter((record) => record.at > oldest).slice(0, MOST);
    for (const record of records) if (!fresh.includes(record)) await this.drop(record.tab);
    return fresh;
  }

  async dropStory(story) {
    for (const record of await this.all()) if (record.story === story) await this.drop(record.tab);
  }
}
