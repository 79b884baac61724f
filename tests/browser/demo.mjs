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
    this.others = [];
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

  // Starts a node again, with more in its environment.
  async again(node, more) {
    const id = this.process(node);
    const [program, ...args] = readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0').slice(0, -1);
    const own = readFileSync(`/proc/${id}/environ`, 'utf8').split('\0').filter(Boolean).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
    process.kill(id, 'SIGKILL');
    this.others.push(spawn(program, args, { env: { ...Object.fromEntries(own), ...more }, stdio: ['pipe', 'ignore', 'inherit'] }));
    for (let tries = 0; tries < 200; tries += 1) {
      const response = await fetch(`${node.url}/portal/welcome`).catch(() => undefined);
      if (response?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${node.name} does not come back`);
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
    for (const other of this.others) other.kill('SIGTERM');
    this.child.kill('SIGTERM');
  }
}
