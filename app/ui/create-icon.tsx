import type { SVGProps } from 'react'

interface IconData {
  /** Its shapes: elements with attributes, the `key` being React's. */
  node: [tag: string, attributes: Record<string, string>][]
}

/**
 * The build puts it in the place of lucide's own (`vite.config.ts`): that one works out classes, sizes and strokes anew
 * for every icon it draws, of which a list has fifty, and we set none of them.
 */
export default function createIcon({ node }: IconData) {
  const shapes = { __html: node.map(markup).join('') }
  return function Icon(props: SVGProps<SVGSVGElement>) {
    return (
      <svg
        width="24"
        height="24"
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
        {...props}
        // biome-ignore lint/security/noDangerouslySetInnerHtml: the package's own drawings
        dangerouslySetInnerHTML={shapes}
      />
    )
  }
}

const markup = ([tag, attributes]: IconData['node'][number]) =>
  `<${tag}${Object.entries(attributes)
    .filter(([name]) => name !== 'key')
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('')}/>`
