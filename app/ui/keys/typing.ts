const noText = /^(button|checkbox|color|file|image|radio|range|reset|submit)$/

/** Whether keys are text there: in fields, in selects, in what can be edited. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target instanceof HTMLInputElement
    ? !noText.test(target.type)
    : target.matches('textarea, select') || target.isContentEditable)
