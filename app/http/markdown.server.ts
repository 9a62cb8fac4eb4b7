import MarkdownIt from 'markdown-it'
import sanitize from 'sanitize-html'

/** So much of a text is rendered, in characters; the rest is in its source. */
export const mostMarkdown = 100_000

// no HTML of the text's own; what comes out is cleaned once more
const markdown = new MarkdownIt({ html: false, linkify: true })

/** A picture from elsewhere would tell its server who looks: it is a link. */
markdown.renderer.rules.image = (tokens, index) => {
  const token = tokens[index]
  const { escapeHtml } = markdown.utils
  return `<a href="${escapeHtml(token?.attrGet('src') ?? '')}">${escapeHtml(token?.content || 'Image')}</a>`
}

/** A page has its own first two levels. */
const levels: Record<string, string> = { h1: 'h3', h2: 'h4', h3: 'h5', h4: 'h6', h5: 'h6', h6: 'h6' }

/**
 * What a person or an agent wrote in Markdown (CommonMark with tables, strikethrough and bare links) as HTML that is
 * safe to show: text, lists, code, tables, and links to http, https and mail alone.
 */
export function markdownHtml(text: string): string {
  return sanitize(markdown.render(text.slice(0, mostMarkdown)), {
    allowedTags: [
      ...['h3', 'h4', 'h5', 'h6', 'p', 'ul', 'ol', 'li', 'blockquote', 'pre', 'code', 'hr', 'br'],
      ...['strong', 'em', 's', 'del', 'a', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
    ],
    allowedAttributes: { a: ['href', 'rel'], ol: ['start'] },
    allowedSchemes: ['http', 'https', 'mailto'],
    allowProtocolRelative: false,
    transformTags: {
      ...Object.fromEntries(Object.entries(levels).map(([from, to]) => [from, to])),
      a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, rel: 'noopener noreferrer nofollow' } }),
    },
  })
}
