export async function fullDisk() { return []; }
