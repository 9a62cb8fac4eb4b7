import { render, screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { statusLabels } from '~/domain/jobs/status'
import { JobStatusBadge } from '~/ui/JobStatusBadge'
import { jobStatuses } from '~db/vocabulary'

describe('JobStatusBadge', () => {
  it.each(jobStatuses)('shows %s as icon, word and colour, with the stored word beside', (status) => {
    render(<JobStatusBadge status={status} />)
    const badge = screen.getByText(statusLabels[status])
    expect(badge.getAttribute('data-status')).toBe(status)
    expect(badge.querySelector('svg')?.getAttribute('aria-hidden')).toBe('true')
    expect(badge.className).toMatch(/text-[a-z-]+ bg-[a-z-]+-soft/)
  })
})
