export async function changingFile() { return []; }
