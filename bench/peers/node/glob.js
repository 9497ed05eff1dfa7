/** Whether the whole text fits a pattern in which `*` stands for anything. */
export function matchesGlob(text, pattern) {
  const literals = pattern.split('*').map((literal) => literal.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literals.join('.*')}$`, 's').test(text);
}
