/** What a name must not bring: control characters, half characters, and what turns the text around it to the left. */
const harmful = /[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]/gu

/** A name as text, where there is no markup around it to keep its direction in: a title, a label. */
export const plainName = (name: string) => name.replace(harmful, '\ufffd')

/** What somebody called a thing. Its direction is its own. */
export function Name({ children, className }: { children: string; className?: string }) {
  return <bdi className={className}>{plainName(children)}</bdi>
}
