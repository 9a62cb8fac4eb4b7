import { fileURLToPath } from 'node:url'
import { createFontStack } from '@capsizecss/core'
import { fromFile } from '@capsizecss/unpack/fs'

const file = (path: string) => fileURLToPath(new URL(`../../node_modules/${path}`, import.meta.url))

const INTER = file('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2')
const JETBRAINS_MONO = file(
  '@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2',
)

/**
 * The system fonts that stand in for a web font until it is there, in the order in which a browser tries them.
 * `measured` is a file with the same metrics as every font of `local`: Arimo has Arial's, and Menlo is drawn from
 * DejaVu Sans Mono.
 */
const FALLBACKS = [
  {
    family: 'Inter Fallback',
    webFont: INTER,
    measured: file('@fontsource/arimo/files/arimo-latin-400-normal.woff2'),
    local: ['Arial', 'Liberation Sans', 'Arimo', 'Helvetica Neue', 'Roboto'],
  },
  {
    family: 'Inter Fallback DejaVu',
    webFont: INTER,
    measured: file('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
    local: ['DejaVu Sans'],
  },
  {
    family: 'JetBrains Mono Fallback',
    webFont: JETBRAINS_MONO,
    measured: file('dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf'),
    local: ['Menlo', 'Menlo Regular', 'DejaVu Sans Mono'],
  },
]

/** The text of `app/fallback-fonts.css`: one `@font-face` for each group of system fonts with the same metrics. */
export async function fallbackFonts(): Promise<string> {
  const faces = await Promise.all(
    FALLBACKS.map(async ({ family, webFont, measured, local }) => {
      const stack = createFontStack([await fromFile(webFont), await fromFile(measured)], {
        fontFaceFormat: 'styleObject',
      })
      const metrics = stack.fontFaces[0]?.['@font-face']
      if (!metrics) throw new Error(`No metrics for ${family}`)
      return [
        '@font-face {',
        `  font-family: "${family}";`,
        `  src: ${local.map((name) => `local("${name}")`).join(', ')};`,
        `  size-adjust: ${metrics.sizeAdjust};`,
        `  ascent-override: ${metrics.ascentOverride};`,
        `  descent-override: ${metrics.descentOverride};`,
        `  line-gap-override: ${metrics.lineGapOverride ?? '0%'};`,
        '}',
      ].join('\n')
    }),
  )
  return `/* Made by \`npm run fonts\`. A system font has the web font's size here, so that nothing moves when that arrives. */\n${faces.join('\n')}\n`
}
