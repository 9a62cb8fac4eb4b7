import MarkdownIt, { type Token } from 'markdown-it'
import heading from 'markdown-it/lib/rules_block/heading.mjs'
import sanitize from 'sanitize-html'
import { beginning } from '~/domain/beginning'

/** So much of a text is rendered, in characters; the rest is in its source. */
export const mostMarkdown = 30_000
/** What it is made into at the most, beginnings and ends counted: two characters can be a whole row of empty cells. */
const mostParts = 8000
/** So far is looked for the ends of links, in characters: each bracket that nothing closes makes it read all of the rest. */
const mostLookedFor = 200_000

export interface Rendered {
  html: string
  /** Whether the text goes on. */
  isCut: boolean
}

// no HTML of the text's own; what comes out is cleaned once more. A line break stays one: agents write line by line.
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true })

// Only a written scheme makes a link: README.md and main.rs are files, although .md and .rs are top-level domains.
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false }).add('//', null).add('ftp:', null)

/** `# whoami` in a transcript of a root shell: docs/decisions/0034-text-as-written.md */
markdown.block.ruler.at(
  'heading',
  (state, line, endLine, silent) => {
    const textOf = (at: number) =>
      state.src.slice((state.bMarks[at] ?? 0) + (state.tShift[at] ?? 0), state.eMarks[at])
    const next = line + 1 < endLine ? textOf(line + 1) : null
    if (/^#(?!#)/.test(textOf(line)) && next !== '' && !next?.startsWith('##')) return false
    return heading(state, line, endLine, silent)
  },
  { alt: ['paragraph', 'reference', 'blockquote'] },
)

/** A picture from elsewhere would tell its server who looks: it is a link. */
markdown.renderer.rules.image = (tokens, index) => {
  const token = tokens[index]
  const { escapeHtml } = markdown.utils
  return `<a href="${escapeHtml(token?.attrGet('src') ?? '')}">${escapeHtml(token?.content || 'Image')}</a>`
}

const { parseLinkLabel } = markdown.helpers
/** Once it has looked far enough, brackets are text. */
markdown.helpers.parseLinkLabel = (state, start, disableNested) => {
  if (state.env.lookedFor > mostLookedFor) return -1
  const end = parseLinkLabel(state, start, disableNested)
  state.env.lookedFor += (end < 0 ? state.posMax : end) - start
  return end
}

// between the blocks and what is in them: what is dropped here costs nothing more
markdown.core.ruler.after('block', 'most', (state) => {
  if (state.tokens.length <= mostParts) return
  const shown = state.tokens.slice(0, mostParts)
  state.tokens = [...shown, ...endsOf(shown, state.Token)]
  state.env.isCut = true
})

/** The ends of what was begun and is not ended, from the inside out. */
function endsOf(tokens: Token[], Part: typeof Token): Token[] {
  const open: Token[] = []
  for (const token of tokens) {
    if (token.nesting > 0) open.push(token)
    if (token.nesting < 0) open.pop()
  }
  return open
    .reverse()
    .map(({ type, tag, block, hidden }) =>
      Object.assign(new Part(type.replace(/_open$/, '_close'), tag, -1), { block, hidden }),
    )
}

/** A page has its own first two levels. */
const levels: Record<string, string> = { h1: 'h3', h2: 'h4', h3: 'h5', h4: 'h6', h5: 'h6', h6: 'h6' }

/** Whether an address means the same everywhere: one without a host would lead to a page of ours. */
const isAbsolute = (href: string) => /^(?:https?:\/\/|mailto:)/i.test(href)

/**
 * What a person or an agent wrote in Markdown (CommonMark with tables, strikethrough, bare links and line breaks kept)
 * as HTML that is safe to show: text, lists, code, tables, and whole links to http, https and mail alone.
 */
export function markdownHtml(text: string): Rendered {
  const env = { isCut: text.length > mostMarkdown, lookedFor: 0 }
  const html = sanitize(markdown.render(beginning(text, mostMarkdown), env), {
    allowedTags: [
      ...['h3', 'h4', 'h5', 'h6', 'p', 'ul', 'ol', 'li', 'blockquote', 'pre', 'code', 'hr', 'br'],
      ...['strong', 'em', 's', 'del', 'a', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
    ],
    allowedAttributes: { a: ['href', 'rel'], ol: ['start'] },
    allowedSchemes: ['http', 'https', 'mailto'],
    allowProtocolRelative: false,
    transformTags: {
      ...Object.fromEntries(Object.entries(levels).map(([from, to]) => [from, to])),
      // a span is no tag that is allowed: its text stays
      a: (tagName, { href }): sanitize.Tag =>
        href && isAbsolute(href)
          ? { tagName, attribs: { href, rel: 'noopener noreferrer nofollow' } }
          : { tagName: 'span', attribs: {} },
    },
  })
  return { html, isCut: env.isCut }
}
