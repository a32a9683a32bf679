type Address = Readonly<{ host: string; port: number }>;

/** The error of a failed `listen` in words that say what to do; `code` and `cause` are kept. */
export const explainListenError = (cause: NodeJS.ErrnoException, { host, port }: Address): Error =>
  Object.assign(new Error(explain(cause, host, port), { cause }), { code: cause.code });

const explain = (cause: NodeJS.ErrnoException, host: string, port: number): string => {
  switch (cause.code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is in use: stop the other program or choose another with --mqtt-port`;
    case 'EACCES':
      return `port ${port} on ${host} is not allowed to this user: choose one above 1023 with --mqtt-port`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is not an address of this machine: listen on 127.0.0.1 instead`;
    default:
      return `the MQTT broker cannot listen on port ${port} of ${host}: ${cause.message}`;
  }
};
