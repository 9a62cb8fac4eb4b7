/** `npm run fonts` writes `app/fallback-fonts.css` from the metrics that `scripts/fonts/fallbacks.ts` reads. */

import { writeFileSync } from 'node:fs'
import { fallbackFonts } from './fonts/fallbacks'

writeFileSync(new URL('../app/fallback-fonts.css', import.meta.url), await fallbackFonts())
