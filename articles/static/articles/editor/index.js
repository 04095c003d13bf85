// What the editor loads: every name here is an extension that articles/stories/editor.py switches on.

export { BlockIds, BlockKeys, Document, HorizontalRule, ListItem } from "marquee/blocks"
export { Caret } from "marquee/caret"
export { Embed } from "marquee/embed"
export { Find } from "marquee/find"
export { Gallery } from "marquee/gallery"
export { Link } from "marquee/link"
export { Names } from "marquee/names"
export { Paste } from "marquee/paste"
export { Photo } from "marquee/photo"
export { Blockquote, PullQuote } from "marquee/quotes"
export { SlashMenu } from "marquee/slash"
export { Toolbar } from "marquee/toolbar"
