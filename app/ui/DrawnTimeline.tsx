import { useClientLinks } from './client-links'
import { Section } from './page'

/** HTML that the server has made of a job's timeline. */
export interface DrawnTimeline {
  figure: string
  /** The same as a list. */
  list: string
}

/** How the job's time went by, as the server has drawn it: a browser needs nothing to do so itself. */
export function DrawnTimeline({ figure, list }: DrawnTimeline) {
  const links = useClientLinks<HTMLDivElement>()
  return (
    <Section title="Timeline">
      <div ref={links}>
        <Drawn html={figure} />
        <details className="group mt-3">
          <summary className="w-fit rounded-sm text-xs text-accent underline">As a list</summary>
          <Drawn html={list} />
        </details>
      </div>
    </Section>
  )
}

const Drawn = ({ html }: { html: string }) => (
  // biome-ignore lint/security/noDangerouslySetInnerHtml: React's own, made of components on the server
  <div dangerouslySetInnerHTML={{ __html: html }} />
)
