// The shapes of the API, for editors and for `tsc --checkJs`; browsers never load this file. `api.d.ts` is generated:
// see ../typescript/README.md.
import type { components } from "../typescript/api";

type Schemas = components["schemas"];

export type Article = Schemas["Article"];
export type ArticlePage = Schemas["ArticlePage"];
export type Author = Schemas["Author"];
export type Block = Schemas["Block"];
export type Card = Schemas["Card"];
export type Correction = Schemas["Correction"];
export type Embed = Schemas["EmbedBlock"];
export type Gallery = Schemas["GalleryBlock"];
export type ListItem = Schemas["ListItem"];
export type PersonDetail = Schemas["PersonDetail"];
export type Photo = Schemas["Photo"];
export type Problem = Schemas["Problem"];
export type Quote = Schemas["QuoteBlock"] | Schemas["PullQuoteBlock"];
export type Resolution = Schemas["Resolution"];
export type Review = Schemas["Review"];
export type SearchPage = Schemas["SearchPage"];
export type Section = Schemas["Section"];
export type SectionPage = Schemas["SectionPage"];
export type Tag = Schemas["Tag"];
export type Work = Schemas["Work"];
