import { readFileSync } from 'node:fs'

interface IconModule {
  __iconData: { node: [tag: string, attributes: Record<string, string>][] }
}

const list = new URL('../../app/ui/icons.ts', import.meta.url)

/** The names in `app/ui/icons.ts`, which are lucide's own. */
export const iconNames = (): string[] =>
  [...readFileSync(list, 'utf8').matchAll(/icon\('([a-z0-9-]+)'\)/g)].map(([, name]) => name as string)

/** All of them as one file, a symbol each. What draws them sets size and strokes (`app/ui/icon.tsx`). */
export async function iconSprite(): Promise<string> {
  const symbols = await Promise.all(iconNames().map(symbol))
  return `<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide, lucide.dev, ISC licence. Made by npm run icons. -->
${symbols.join('\n')}
</svg>
`
}

async function symbol(name: string): Promise<string> {
  const { __iconData }: IconModule = await import(`lucide-react/icons/${name}`)
  return `<symbol id="${name}" viewBox="0 0 24 24">${__iconData.node.map(element).join('')}</symbol>`
}

const element = ([tag, attributes]: IconModule['__iconData']['node'][number]) =>
  `<${tag}${Object.entries(attributes)
    .filter(([name]) => name !== 'key')
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('')}/>`
