/** To the last byte. Throws where the answer is not 200. */
export async function fetchWhole(url: string): Promise<void> {
  const response = await fetch(url);
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${url} answers ${response.status}`);
}
