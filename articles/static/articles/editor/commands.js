// Everything a writer can ask the editor for: the toolbar, the slash menu and the sheet of shortcuts all read this list.

import { curlQuotes } from "marquee/typography"

const chain = (editor) => editor.chain().focus()
const heading = (level) => ({
  name: `heading${level}`, label: `Heading ${level}`, keys: `Mod-Alt-${level}`, group: "style", words: `h${level} title`,
  run: (editor) => chain(editor).toggleHeading({ level }).run(), active: (editor) => editor.isActive("heading", { level }),
})

export const COMMANDS = [
  { name: "paragraph", label: "Paragraph", keys: "Mod-Alt-0", group: "style", run: (editor) => chain(editor).setParagraph().run(), active: (editor) => editor.isActive("paragraph") },
  heading(2), heading(3), heading(4),
  { name: "bold", label: "Bold", symbol: "format_bold", keys: "Mod-B", group: "marks", run: (editor) => chain(editor).toggleBold().run(), active: (editor) => editor.isActive("bold") },
  { name: "italic", label: "Italic", symbol: "format_italic", keys: "Mod-I", group: "marks", run: (editor) => chain(editor).toggleItalic().run(), active: (editor) => editor.isActive("italic") },
  { name: "link", label: "Link", symbol: "link", keys: "Mod-K", group: "marks", words: "story address", slash: true, run: (editor) => editor.commands.addLink(), active: (editor) => editor.isActive("link") },
  { name: "photo", label: "Photo", symbol: "add_photo_alternate", keys: "Mod-Alt-P", group: "insert", words: "picture image", slash: true, run: (editor) => editor.commands.choosePhoto() },
  { name: "gallery", label: "Gallery", symbol: "photo_library", keys: "Mod-Alt-G", group: "insert", words: "photos pictures images", slash: true, run: (editor) => editor.commands.chooseGallery() },
  { name: "embed", label: "Embed", symbol: "smart_display", group: "insert", words: "video post song youtube instagram tiktok x", slash: true, run: (editor) => editor.commands.askForEmbed() },
  { name: "bulletList", label: "Bullet list", symbol: "format_list_bulleted", keys: "Mod-Shift-8", group: "blocks", slash: true, run: (editor) => chain(editor).toggleBulletList().run(), active: (editor) => editor.isActive("bulletList") },
  { name: "orderedList", label: "Numbered list", symbol: "format_list_numbered", keys: "Mod-Shift-7", group: "blocks", slash: true, run: (editor) => chain(editor).toggleOrderedList().run(), active: (editor) => editor.isActive("orderedList") },
  { name: "quote", label: "Quote", symbol: "format_quote", keys: "Mod-Shift-B", group: "blocks", slash: true, run: (editor) => chain(editor).toggleBlockquote().run(), active: (editor) => editor.isActive("blockquote") },
  { name: "pullQuote", label: "Pull quote", symbol: "format_quote", group: "blocks", words: "highlight", slash: true, run: (editor) => chain(editor).togglePullQuote().run(), active: (editor) => editor.isActive("pullQuote") },
  { name: "divider", label: "Divider", symbol: "horizontal_rule", group: "blocks", words: "line rule", slash: true, run: (editor) => chain(editor).setHorizontalRule().run() },
  { name: "undo", label: "Undo", symbol: "undo", keys: "Mod-Z", group: "history", run: (editor) => chain(editor).undo().run(), enabled: (editor) => editor.can().undo() },
  { name: "redo", label: "Redo", symbol: "redo", keys: "Mod-Shift-Z", group: "history", run: (editor) => chain(editor).redo().run(), enabled: (editor) => editor.can().redo() },
  { name: "find", label: "Find and replace", symbol: "find_replace", keys: "Mod-F", group: "tools", run: (editor) => editor.commands.openFind() },
  { name: "curl", label: "Curly quotes", text: "“”", group: "tools", run: curlQuotes },
]

export const MORE_KEYS = [
  ["Alt-↑ / Alt-↓", "Move the paragraph or photo"],
  ["/", "Menu of everything you can insert"],
  ["1. - # >", "Followed by a space at the start of a line: list, heading or quote"],
  ["Backspace", "Below a photo: select it; press again to remove it"],
  ["Enter", "In a caption: continue below the photo"],
]

const apple = /Mac|iPhone|iPad/.test(navigator.platform)

export const shown = (keys = "") => (apple ? keys.replace("Mod", "⌘").replace("Alt", "⌥").replace("Shift", "⇧") : keys.replace("Mod", "Ctrl")).replaceAll("-", apple ? "" : "+")
