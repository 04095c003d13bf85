// @ts-check
// Everything this site asks the API. One request is one whole page: an article brings its photos, credits and people.

export const BASE = "/reader";
const API = "/api/v1";

/** What a preview link handed over; it is given to nobody but the API. */
export const previewToken = new URLSearchParams(location.search).get("preview");

/** An answer that is no success. `status` 0 means that no answer came at all. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} detail  a sentence for people
   */
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/**
 * @template Answer
 * @param {string} path
 * @returns {Promise<Answer>}
 */
async function get(path) {
  let response;
  try {
    // Ask every time whether the copy is still true: the answer is a small 304, and a killed photo is gone at once.
    response = await fetch(path, { headers: { Accept: "application/json" }, cache: "no-cache" });
  } catch {
    throw new ApiError(0, "The server cannot be reached. Are you online?");
  }
  if (response.ok) return response.json();
  const problem = await response.json().catch(() => ({}));
  throw new ApiError(response.status, problem.detail ?? response.statusText);
}

/** @param {Record<string, string>} query  @returns {Promise<import("./types").ArticlePage>} */
export const articles = (query = {}) => get(`${API}/articles/?${new URLSearchParams(query)}`);

/** @param {string} address  what a page called `next` @returns {Promise<import("./types").ArticlePage>} */
export const more = (address) => get(address);

/** @param {string} slug  @returns {Promise<import("./types").Article>} */
export const article = (slug) => get(`${API}/articles/${encodeURIComponent(slug)}/`);

/** @param {string} token  @returns {Promise<import("./types").Article>} */
export const preview = (token) => get(`${API}/preview/${encodeURIComponent(token)}/`);

/** @param {string} path  @returns {Promise<import("./types").Resolution>} */
export const resolve = (path) => get(`${API}/resolve/?${new URLSearchParams({ path })}`);

/** @param {string} address  what `resolve` called `api` @returns {Promise<any>} */
export const entry = (address) => get(address);

/** @returns {Promise<import("./types").SectionPage>} */
export const sections = () => get(`${API}/sections/?page_size=100`);

/** @param {Record<string, string>} query  @returns {Promise<import("./types").SearchPage>} */
export const search = (query) => get(`${API}/search/?${new URLSearchParams(query)}`);

/**
 * The address in this site of a path that the API gives.
 * @param {string} path
 */
export function here(path) {
  return BASE + path;
}
