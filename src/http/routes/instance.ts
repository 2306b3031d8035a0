import type { Handlers } from './handler.ts';

export const instanceRoutes: Handlers<'getInstance'> = {
  async getInstance(_input, { monitor, version }) {
    return monitor.deps.store.read(async (view) => {
      const instance_id = await view.settings.get('instance_id');
      const counts = { channels: await view.channels.count() };
      return { status: 200, body: { instance_id, version, counts } };
    });
  },
};
