declare module 'markdown-it/lib/rules_block/heading.mjs' {
  import type { ParserBlock } from 'markdown-it'

  const heading: ParserBlock.RuleBlock
  export default heading
}
