/** A property in an expression: `body.id`, `header["x-id"]`. */
export const member = (of: string, name: string): string =>
  /^[A-Za-z_]\w*$/.test(name) && name !== 'this' ? `${of}.${name}` : `${of}["${name}"]`;
