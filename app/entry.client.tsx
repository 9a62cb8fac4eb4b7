import { RemixBrowser } from '@remix-run/react'
import { StrictMode, startTransition } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { sendFormsBy } from '~/ui/send-ahead'
import { steadfast } from '~/ui/steadfast-fetch'

const fetch = window.fetch.bind(window)
sendFormsBy(fetch)
window.fetch = steadfast(fetch)

startTransition(() => {
  hydrateRoot(
    document,
    <StrictMode>
      <RemixBrowser />
    </StrictMode>,
  )
})
