/** Whether this browser shows notes of ours: never over plain HTTP, but on one's own machine. */
export const mayNotify = (): boolean =>
  'Notification' in window && window.isSecureContext && Notification.permission === 'granted'
