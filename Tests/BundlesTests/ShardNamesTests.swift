import Bundles
import Testing

@Suite struct ShardNamesTests {
    @Test func aMissingShardIsNamed() {
        #expect(
            ShardNames.missing(among: ["a/pred-shard-0-of-4.npz", "pred-shard-3-of-4.npz"]).map(\.description)
                == [
                    "shard-1-of-4", "shard-2-of-4",
                ])
        #expect(ShardNames.missing(among: ["pred-shard-1-of-2.npz", "pred-shard-0-of-2.npz"]).isEmpty)
    }

    @Test func otherNamesSayNothing() {
        #expect(
            ShardNames.missing(among: ["a.npz", "shard-9-of-3.npz", "shard-x-of-3.npz", "shard-1-of-2/a.npz"])
                .isEmpty)
    }
}
