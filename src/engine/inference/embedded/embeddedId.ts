/** Names the embedded scorers in stored results; known without loading them. */
export const embeddedId = 'embedded@2';
