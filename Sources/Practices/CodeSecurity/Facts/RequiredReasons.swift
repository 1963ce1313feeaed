extension FactTopic {
    /// The APIs for which Apple asks a reason in the privacy manifest ("Describing use of required reason API").
    static let requiredReasons: [FactTopic] = [
        FactTopic(
            "NSPrivacyAccessedAPICategoryUserDefaults",
            demanding: "UserDefaults NSUserDefaults",
            explaining: "AppStorage SceneStorage Defaults NSUbiquitousKeyValueStore"),
        FactTopic(
            "NSPrivacyAccessedAPICategoryFileTimestamp",
            demanding: """
                contentModificationDateKey creationDateKey NSURLContentModificationDateKey NSURLCreationDateKey NSFileCreationDate \
                NSFileModificationDate fileModificationDate .creationDate] .modificationDate] stat( fstat( lstat( fstatat( \
                getattrlistbulk(
                """,
            explaining: """
                creationDate modificationDate contentModificationDate contentAccessDateKey attributesOfItem getattrlist( \
                fgetattrlist( getattrlistat( fileCreationDate UIDocument NSDocument resourceValues
                """),
        FactTopic(
            "NSPrivacyAccessedAPICategorySystemBootTime",
            demanding: "systemUptime mach_absolute_time(",
            explaining:
                "CACurrentMediaTime mach_continuous_time DispatchTime clock_gettime CLOCK_UPTIME_RAW ContinuousClock SuspendingClock"
        ),
        FactTopic(
            "NSPrivacyAccessedAPICategoryDiskSpace",
            demanding: """
                volumeAvailableCapacityKey volumeAvailableCapacityForImportantUsageKey volumeTotalCapacityKey \
                volumeAvailableCapacityForOpportunisticUsageKey systemFreeSize NSURLVolumeAvailableCapacityKey \
                NSURLVolumeAvailableCapacityForImportantUsageKey NSURLVolumeAvailableCapacityForOpportunisticUsageKey \
                NSURLVolumeTotalCapacityKey NSFileSystemFreeSize NSFileSystemSize .systemSize] statfs( statvfs( fstatfs( fstatvfs(
                """,
            explaining:
                "systemSize attributesOfFileSystem volumeAvailableCapacity getattrlist( fgetattrlist( getattrlistat("),
        FactTopic(
            "NSPrivacyAccessedAPICategoryActiveKeyboards", demanding: "activeInputModes",
            explaining: "UITextInputMode textInputMode"),
    ]
}
