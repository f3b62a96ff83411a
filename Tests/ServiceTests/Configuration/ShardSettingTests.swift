import Service
import Spool
import Testing

@Suite struct ShardSettingTests {
    @Test(arguments: [
        ("", ShardSetting.whole),
        ("auto", .fromEnvironment(count: nil)), ("auto/8", .fromEnvironment(count: 8)),
    ])
    func texts(text: String, expected: ShardSetting) {
        #expect(ShardSetting(text) == expected)
    }

    @Test func aPartIsItsShard() {
        #expect(ShardSetting("0/1")?.shard == Shard(index: 0, count: 1))
        #expect(ShardSetting("3/4")?.shard == Shard(index: 3, count: 4))
        #expect(ShardSetting("auto")?.shard == nil)
    }

    @Test(arguments: ["4/4", "-1/4", "1", "1/", "/4", "a/b", "auto/0", "auto/", "1/2/3", "0/1000000", " 0/1"])
    func whatIsNoPartIsRefused(text: String) {
        #expect(ShardSetting(text) == nil)
    }

    @Test(arguments: [
        ("auto", ["SLURM_ARRAY_TASK_ID": "2", "SLURM_ARRAY_TASK_COUNT": "4"], "2/4"),
        // --array=1-7:2
        (
            "auto",
            [
                "SLURM_ARRAY_TASK_ID": "5", "SLURM_ARRAY_TASK_COUNT": "4", "SLURM_ARRAY_TASK_MIN": "1",
                "SLURM_ARRAY_TASK_STEP": "2",
            ], "2/4"
        ),
        // srun --ntasks=4
        ("auto", ["SLURM_PROCID": "3", "SLURM_STEP_NUM_TASKS": "4", "SLURM_NTASKS": "4"], "3/4"),
        // srun within a task of an array
        (
            "auto",
            [
                "SLURM_ARRAY_TASK_ID": "1", "SLURM_ARRAY_TASK_COUNT": "2", "SLURM_PROCID": "0",
                "SLURM_STEP_NUM_TASKS": "1",
            ], "1/2"
        ),
        ("auto/3", ["JOB_COMPLETION_INDEX": "0"], "0/3"), ("1/2", ["JOB_COMPLETION_INDEX": "0"], "1/2"),
    ])
    func theSchedulerSaysThePart(text: String, environment: [String: String], expected: String) throws {
        let choice = try #require(ShardSetting(text))
        #expect(try choice.resolved { environment[$0] } == ShardSetting(expected))
    }

    @Test(arguments: [
        ("auto", [:]), ("auto", ["JOB_COMPLETION_INDEX": "0"]), ("auto/2", ["JOB_COMPLETION_INDEX": "2"]),
        ("auto", ["SLURM_ARRAY_TASK_ID": "4", "SLURM_ARRAY_TASK_COUNT": "4"]),
        // A batch script without srun: the other three tasks do not exist.
        ("auto", ["SLURM_PROCID": "0", "SLURM_NTASKS": "4"]),
    ])
    func aPartThatIsNotSaidIsRefused(text: String, environment: [String: String]) throws {
        let choice = try #require(ShardSetting(text))
        #expect(throws: ConfigurationError.self) { try choice.resolved { environment[$0] } }
    }

    @Test func everyPartHasASpoolOfItsOwn() throws {
        var configuration = ServiceConfiguration()
        configuration.inbox = "/in"
        configuration.shard = try .part(#require(Shard(index: 1, count: 4)))
        #expect(configuration.spoolLayout.spool == "/in.spool/shard-1-of-4")
        configuration.spool = "/s"
        #expect(configuration.spoolLayout.spool == "/s/shard-1-of-4")
    }

    @Test(arguments: [
        ("archive-max-age", "1d12h"), ("archive-max-age", "-1"), ("archive-max-age", "d"),
        ("archive-max-bytes", "1X"),
        ("failed-max-bytes", "9999999T"), ("failed-max-age", "1.5d"), ("shard", "2/2"),
    ])
    func wrongUnitsAreRefused(key: String, value: String) {
        var overrides = ConfigurationOverrides()
        for (key, value) in [("inbox", "/in"), ("outbox", "/out"), (key, value)] {
            overrides.set(key, to: value)
        }
        #expect {
            try LayeredConfiguration(path: nil, overrides: overrides)
        } throws: { error in
            (error as? ConfigurationError)?.key == key
        }
    }
}
