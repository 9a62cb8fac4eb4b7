import { createRemixStub } from '@remix-run/testing'
import { render } from '@testing-library/react'
import type { ComponentType } from 'react'

type Action = (form: FormData) => unknown

/** Shows a component as the page at `/`, where its links and forms work; `action` answers what is posted to it. */
export function show(Component: ComponentType, action?: Action) {
  const Stub = createRemixStub([
    {
      path: '*',
      Component,
      ...(action && {
        action: async ({ request }: { request: Request }) => action(await request.formData()),
      }),
    },
  ])
  return render(<Stub />)
}
