/** A proxy for tests: what a scripted server plays that gets CONNECT. */
import { connect } from 'node:net';
import type { Script, ScriptedServer } from './scripted-server.ts';

/** A proxy that leads every tunnel to this server. */
export function tunnel(server: ScriptedServer): Script {
  return (socket) => {
    const onward = connect(server.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  };
}
