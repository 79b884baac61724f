// The demo as a process: started, read, stopped.
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import readline from 'node:readline';

export async function startDemo(program) {
  const child = spawn(program, ['demo', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const line of readline.createInterface({ input: child.stdout })) {
    text += line + '\n';
    try {
      return new Demo(child, JSON.parse(text));
    } catch {
      // More lines belong to it.
    }
  }
  throw new Error(`the demo ended before it was ready: ${text}`);
}

class Demo {
  constructor(child, said) {
    this.child = child;
    this.nodes = said.nodes.map((node) => ({ ...node, token: readFileSync(node.tokenFile, 'utf8').trim() }));
  }

  node(name) {
    const found = this.nodes.find((node) => node.name.startsWith(name));
    if (!found) throw new Error(`the demo has no ${name}`);
    return found;
  }

  // A call of a partner's own system.
  async call(node, method, path, body) {
    const response = await fetch(node.url + path, {
      method,
      headers: { authorization: `Bearer ${node.token}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  // The process of a node: the one that was told its address.
  process(node) {
    for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        const own = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ').at(-1).split(' ')[1] === String(this.child.pid);
        if (own && readFileSync(`/proc/${id}/environ`, 'utf8').split('\0').includes(`POLDER_PAGES_URL=${node.url}`)) return Number(id);
      } catch {
        // It has ended, or is somebody else's.
      }
    }
    throw new Error(`${node.name} has no process`);
  }

  // Has a node say nothing for as long as something is done.
  async silenced(node, something) {
    const id = this.process(node);
    process.kill(id, 'SIGSTOP');
    try {
      return await something();
    } finally {
      process.kill(id, 'SIGCONT');
    }
  }

  stop() {
    this.child.kill('SIGTERM');
  }
}
