/** Tags and metadata as their fields show them: what `app/domain/jobs/labels.ts` reads. */

export const tagsText = (tags: string[]) => tags.join(', ')

export const metadataText = (metadata: Record<string, string>) =>
  Object.entries(metadata)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n')
