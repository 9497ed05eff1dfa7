use std::time::Duration;

use crate::run::Run;
use crate::token::Pool;

/// Tokens older than this are signed anew, long before they are too old for the functions.
const POOL_LIFETIME: Duration = Duration::from_secs(1_200);

/// Keys of the past of which tokens are still sent.
const POOLS: usize = 3;

/// Tokens are signed between chunks of requests, while nothing is measured.
impl Run {
    pub(crate) fn sign_pool(&mut self) {
        let size = (self.options.requests / 100).clamp(16, 2_500);
        self.pools.push(Pool::sign(&self.world.gitlab, self.history.generation, size));
        if self.pools.len() > POOLS {
            self.pools.remove(0);
        }
    }

    pub(crate) fn freshen_pool(&mut self) {
        self.pools.retain(|pool| pool.generation == self.history.generation || pool.age() < 2 * POOL_LIFETIME);
        if self.pools.last().is_some_and(|pool| pool.age() > POOL_LIFETIME) {
            self.pools.pop();
            self.sign_pool();
        }
    }
}
